package phoneopus.spool;

import java.util.UUID;

/** There is no session of that id, or it is somebody else's. */
public final class SessionNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SessionNotFoundException(UUID session) {
        super(
                "No session %s that you began here. Leave session_id out for a new one."
                        .formatted(session));
    }
}

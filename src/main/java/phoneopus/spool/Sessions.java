package phoneopus.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;

/**
 * What is known of Claude's sessions: whose they are, and what they have cost so far.
 *
 * <pre>
 * owners/&lt;session&gt;     principal that began it; none where it has no name
 * sessions/&lt;session&gt;   its cost so far, in US dollars
 * </pre>
 */
@Component
public class Sessions {
    private final StateDirectory state;

    public Sessions(StateDirectory state) {
        this.state = state;
    }

    /**
     * Lets in a request that may use its session.
     *
     * @throws SessionNotFoundException where the session to resume is somebody else's
     */
    public void admit(JobRequest request) throws IOException {
        Path owner = state.folder("owners").resolve(request.session().toString());
        String principal = request.principal();
        // Also one that nobody began here: it may be the private one of whoever runs the server.
        if (request.resumed() && !Objects.equals(read(owner).orElse(null), principal)) {
            throw new SessionNotFoundException(request.session());
        }
    }

    /** Makes a session its principal's. Not before its consult is accepted. */
    public void own(JobRequest request) throws IOException {
        String principal = request.principal();
        Path owner = state.folder("owners").resolve(request.session().toString());
        if (principal != null && !read(owner).equals(Optional.of(principal))) {
            DurableFiles.write(owner, principal.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What the session had cost when its last consult ended; empty where nobody knows. */
    public OptionalDouble costOf(UUID session) throws IOException {
        try {
            Optional<String> cost = read(cost(session));
            double known = cost.isEmpty() ? Double.NaN : Double.parseDouble(cost.get());
            return Double.isFinite(known) ? OptionalDouble.of(known) : OptionalDouble.empty();
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    /** What the session has cost now that this consult of it is over. */
    public void rememberCost(JobRequest request, Completion ended) throws IOException {
        UUID session = request.sessionId();
        Double total = ended.outcome().totalCostUsd();
        if (session != null && total != null) {
            rememberCost(session, total);
        }
    }

    /** It only grows: an older consult of the session, settled again, must not take it back. */
    public void rememberCost(UUID session, double costUsd) throws IOException {
        if (costUsd <= costOf(session).orElse(-1)) {
            return;
        }
        DurableFiles.write(
                cost(session), Double.toString(costUsd).getBytes(StandardCharsets.UTF_8));
    }

    private Path cost(UUID session) throws IOException {
        return state.folder("sessions").resolve(session.toString());
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(new String(RegularFiles.read(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** There is no session of that id, or it is somebody else's. */
    public static final class SessionNotFoundException extends FaultException {
        private static final long serialVersionUID = 1L;

        SessionNotFoundException(UUID session) {
            super(
                    FaultCode.SESSION_NOT_FOUND,
                    "No session %s that you began here.".formatted(session),
                    "Leave session_id out for a new one.");
        }
    }
}

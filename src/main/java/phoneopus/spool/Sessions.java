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
 * The owners of Claude's sessions and their cost so far.
 *
 * <pre>
 * owners/&lt;session&gt;     the principal that began it; empty if it has no name
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
     * Checks that a request may use its session.
     *
     * @throws SessionNotFoundException if the session to resume belongs to another caller
     */
    public void admit(JobRequest request) throws IOException {
        Path owner = state.folder("owners").resolve(request.session().toString());
        String principal = request.consult().principal();
        // A session begun outside is refused too: it may be a private one of the server's user.
        if (request.resumed() && !Objects.equals(read(owner).orElse(null), principal)) {
            throw new SessionNotFoundException(request.session());
        }
    }

    /** Records the principal as the session's owner. Call it after the consult is accepted. */
    public void own(JobRequest request) throws IOException {
        String principal = request.consult().principal();
        Path owner = state.folder("owners").resolve(request.session().toString());
        if (principal != null && !read(owner).equals(Optional.of(principal))) {
            DurableFiles.write(owner, principal.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The session's cost in US dollars when its last consult ended; empty if unknown. */
    public OptionalDouble costOf(UUID session) throws IOException {
        try {
            Optional<String> cost = read(cost(session));
            double known = cost.isEmpty() ? Double.NaN : Double.parseDouble(cost.get());
            return Double.isFinite(known) ? OptionalDouble.of(known) : OptionalDouble.empty();
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    /** Records the session's cost after this consult. */
    public void rememberCost(JobRequest request, Completion ended) throws IOException {
        UUID session = request.sessionId();
        Double total = ended.outcome().totalCostUsd();
        if (session != null && total != null) {
            rememberCost(session, total);
        }
    }

    /**
     * Records the session's cost, which never decreases: an older consult that is finalized again
     * must not lower it.
     */
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

    /** There is no session with that id, or it belongs to another caller. */
    public static final class SessionNotFoundException extends FaultException {
        private static final long serialVersionUID = 1L;

        public SessionNotFoundException(UUID session) {
            super(
                    FaultCode.SESSION_NOT_FOUND,
                    "No session %s was begun here by you.".formatted(session),
                    "");
        }
    }
}

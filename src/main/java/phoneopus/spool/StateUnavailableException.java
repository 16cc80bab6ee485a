package phoneopus.spool;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;

/** The state directory cannot be read or written. */
public final class StateUnavailableException extends FaultException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable JobRequest consult;

    private StateUnavailableException(
            String problem, String advice, @Nullable JobRequest consult, IOException cause) {
        super(FaultCode.STORE_UNAVAILABLE, problem, advice);
        initCause(cause);
        this.consult = consult;
    }

    /** The consult that goes on all the same, where one was accepted. */
    public Optional<JobRequest> consult() {
        return Optional.ofNullable(consult);
    }

    public static StateUnavailableException notAccepted(IOException cause) {
        return new StateUnavailableException(
                "The state directory cannot be written (%s). Nothing was started."
                        .formatted(reason(cause)),
                "See to it that it is writable and has room, then try again.",
                null,
                cause);
    }

    /** This server is ending and takes no consult any more. */
    public static StateUnavailableException ending() {
        return new StateUnavailableException(
                "This phone-opus server is shutting down, so nothing was started.",
                "Ask again once your client has restarted it.",
                null,
                new IOException("ending"));
    }

    public static StateUnavailableException unreadable(IOException cause) {
        return unreadable(null, cause);
    }

    public static StateUnavailableException unreadable(
            @Nullable JobRequest consult, IOException cause) {
        return new StateUnavailableException(
                "The state directory cannot be read (%s). The consult itself goes on."
                        .formatted(reason(cause)),
                "See to it that the directory is readable.",
                consult,
                cause);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case FileAlreadyExistsException _ -> "a file is where a directory should be";
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "a file is missing";
            case FileSystemException e ->
                    e.getReason() == null ? "input or output failed" : e.getReason();
            // The system's own words, such as a full disk's; those that wrap another name classes.
            case IOException e when e.getCause() == null && e.getMessage() != null ->
                    e.getMessage();
            default -> "input or output failed";
        };
    }
}

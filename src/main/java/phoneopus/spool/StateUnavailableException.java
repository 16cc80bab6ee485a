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

    /** The file it concerns, if known. Only for the user of this machine. */
    public Optional<String> file() {
        return getCause() instanceof FileSystemException trouble
                ? Optional.ofNullable(trouble.getFile())
                : Optional.empty();
    }

    /** The consult that keeps running, if one was accepted. */
    public Optional<JobRequest> consult() {
        return Optional.ofNullable(consult);
    }

    public static StateUnavailableException notAccepted(IOException cause) {
        return new StateUnavailableException(
                "The state directory cannot be written (%s). Nothing was started."
                        .formatted(reason(cause)),
                "Make sure that it is writable and has free space, then try again.",
                null,
                cause);
    }

    public static StateUnavailableException notDeleted(IOException cause) {
        return new StateUnavailableException(
                "The consult cannot be deleted (%s).".formatted(reason(cause)),
                "Try again.",
                null,
                cause);
    }

    /** This server is shutting down and accepts no more consults. */
    public static StateUnavailableException ending() {
        return new StateUnavailableException(
                "This phone-opus server is shutting down, so nothing was started.",
                "Ask again after your client has restarted it.",
                null,
                new IOException("ending"));
    }

    public static StateUnavailableException unreadable(IOException cause) {
        return unreadable(null, cause);
    }

    public static StateUnavailableException unreadable(
            @Nullable JobRequest consult, IOException cause) {
        return new StateUnavailableException(
                "The state directory cannot be read (%s). The consult itself keeps running."
                        .formatted(reason(cause)),
                "Make sure that the directory is readable.",
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
            // The system's own message, such as of a full disk; one with a cause names classes.
            case IOException e when e.getCause() == null && e.getMessage() != null ->
                    e.getMessage();
            default -> "input or output failed";
        };
    }
}

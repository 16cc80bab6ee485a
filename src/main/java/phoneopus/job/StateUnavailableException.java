package phoneopus.job;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** The state directory cannot be read or written. */
public final class StateUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StateUnavailableException(String message, IOException cause) {
        super(message, cause);
    }

    static StateUnavailableException notAccepted(IOException cause) {
        return new StateUnavailableException(
                "The state directory cannot be written (%s). Nothing was started. See to it that it is writable and has room, then try again."
                        .formatted(reason(cause)),
                cause);
    }

    static StateUnavailableException unreadable(IOException cause) {
        return new StateUnavailableException(
                "The state directory cannot be read (%s). The consult itself goes on. See to it that the directory is readable."
                        .formatted(reason(cause)),
                cause);
    }

    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName().replace("Exception", "") : reason;
    }
}

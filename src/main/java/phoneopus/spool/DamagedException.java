package phoneopus.spool;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A job's file is unreadable. Only that job is affected. */
public final class DamagedException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    public DamagedException(Path file, Throwable cause) {
        super(file.toString(), null, file.getFileName() + " is unreadable");
        initCause(cause);
    }
}

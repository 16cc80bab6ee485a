package phoneopus.spool;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file of one job that says nothing that can be read: only that job suffers from it. */
public final class DamagedException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    public DamagedException(Path file, Throwable cause) {
        super(file.toString(), null, file.getFileName() + " is unreadable");
        initCause(cause);
    }
}

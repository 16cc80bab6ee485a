package phoneopus.setup;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Why a file could not be read or written, without Java's names. */
public final class Reason {
    private Reason() {}

    /** In a few words, for a sentence. */
    public static String of(Exception failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case FileSystemException e -> "something is in the way at " + e.getFile();
            default -> String.valueOf(failure.getMessage());
        };
    }
}

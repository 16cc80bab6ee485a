package phoneopus.http;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/** The file of {@link ApiKeys}. A missing file contains none. */
public record ApiKeysFile(Path path) {

    /**
     * Reads it.
     *
     * @throws IOException if it cannot be read or trusted; its reason says why
     */
    public ApiKeys read() throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw unusable("other users can write it and could add keys: chmod go-w");
            }
            return ApiKeys.parse(withoutByteOrderMark(Files.readString(path)));
        } catch (NoSuchFileException _) {
            return ApiKeys.NONE;
        } catch (CharacterCodingException _) {
            throw unusable("it is not text");
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()));
        }
    }

    /** Some editors put a byte order mark at the start of every file. */
    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** A value that changes when the file changes. */
    Map<String, Object> stamp() throws IOException {
        try {
            return Files.readAttributes(path, "unix:ino,ctime,size");
        } catch (NoSuchFileException _) {
            return Map.of();
        }
    }

    /** One sentence that says why it cannot be used. */
    public String unusable(IOException problem) {
        String reason =
                switch (problem) {
                    case AccessDeniedException _ -> "permission denied";
                    case FileSystemException e when e.getReason() == null ->
                            "it cannot be read or written";
                    case FileSystemException e -> String.valueOf(e.getReason());
                    // The system's own message, such as of a full disk.
                    default -> String.valueOf(problem.getMessage());
                };
        return "The keys file %s cannot be used: %s.".formatted(path, reason);
    }

    private FileSystemException unusable(String why) {
        return new FileSystemException(path.toString(), null, why);
    }
}

package phoneopus.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What is on a disk: the content of each file by its relative path, in the order of the paths. */
public final class Disk {
    /** Stands for a directory. */
    static final byte[] DIRECTORY = new byte[0];

    private final SortedMap<Path, byte[]> contents;

    private final Map<byte[], byte[]> digests;

    /**
     * @param digests of contents, by the very array: disks share them
     */
    Disk(Map<Path, byte[]> contents, Map<byte[], byte[]> digests) {
        this.contents = new TreeMap<>(contents);
        this.digests = digests;
    }

    SortedMap<Path, byte[]> contents() {
        return contents;
    }

    /**
     * Makes it real.
     *
     * @param change what is to be written instead of a file's content
     */
    public void write(Path root, BiFunction<Path, byte[], byte[]> change) throws IOException {
        Files.createDirectories(root);
        for (var entry : contents.entrySet()) {
            Path path = root.resolve(entry.getKey());
            if (isDirectory(entry.getValue())) {
                Files.createDirectories(path);
            } else {
                Files.write(path, change.apply(entry.getKey(), entry.getValue()));
            }
        }
    }

    /** The same for the same content. */
    public String digest() {
        MessageDigest digest = sha256();
        contents.forEach((path, content) -> {
            digest.update(path.toString().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) (isDirectory(content) ? 0 : 1));
            digest.update(digests.computeIfAbsent(content, bytes -> sha256().digest(bytes)));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("ArrayEquality") // The very array is the mark.
    static boolean isDirectory(byte[] content) {
        return content == DIRECTORY;
    }
}

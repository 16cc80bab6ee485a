package phoneopus.claude;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.files.DurableFiles;
import phoneopus.files.UserHome;

/**
 * Caches the versions of binaries in the user's cache folder: every {@code ask} is a new process
 * and would query them again.
 *
 * @param folder null to cache nothing
 */
record VersionCache(@Nullable Path folder) {
    static final VersionCache NONE = new VersionCache(null);

    static VersionCache ofUser(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path folder =
                cache.startsWith("/") ? Path.of(cache) : UserHome.of(environment).resolve(".cache");
        return new VersionCache(folder.resolve("phone-opus"));
    }

    /** Identifies the binary that was queried. */
    record Stamp(Path binary, long modifiedMs, long size) {
        static Stamp of(Path binary) throws IOException {
            return new Stamp(
                    binary, Files.getLastModifiedTime(binary).toMillis(), Files.size(binary));
        }

        private String line() {
            return modifiedMs + " " + size + " " + binary;
        }
    }

    Optional<String> read(Stamp stamp) {
        if (folder == null) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file(folder, stamp));
            return lines.size() == 2 && lines.getFirst().equals(stamp.line())
                    ? Optional.of(lines.get(1))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Caches the version if possible: it can always be queried again. */
    void write(Stamp stamp, String words) {
        if (folder == null) {
            return;
        }
        try {
            DurableFiles.createDirectories(folder);
            DurableFiles.writeLightly(
                    file(folder, stamp),
                    (stamp.line() + "\n" + words + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // Work without a cache if it cannot be written.
        }
    }

    void drop(Stamp stamp) {
        if (folder == null) {
            return;
        }
        try {
            DurableFiles.delete(file(folder, stamp));
        } catch (IOException _) {
            // Then it cannot be written either.
        }
    }

    private static Path file(Path folder, Stamp stamp) {
        byte[] name = stamp.binary().toString().getBytes(StandardCharsets.UTF_8);
        return folder.resolve("claude-version-" + UUID.nameUUIDFromBytes(name));
    }
}

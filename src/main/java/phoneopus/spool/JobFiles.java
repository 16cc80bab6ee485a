package phoneopus.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import phoneopus.files.RegularFiles;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The records of a job as JSON: what is in them, and that they are whole. */
public final class JobFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    // A directory may come from a newer version.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private JobFiles() {}

    /** The request of that job, where the file is there. */
    public static Optional<JobRequest> request(Path file, JobId id) throws IOException {
        return read(file, JobRequest.class, read -> read.whole() && read.jobId().equals(id));
    }

    /** Whether that request is there, and can be read. */
    static boolean holdsRequest(Path file, JobId id) throws IOException {
        try {
            return request(file, id).isPresent();
        } catch (DamagedException _) {
            return false;
        }
    }

    /**
     * By way of a string: half a surrogate pair, which a caller may send, becomes a question mark
     * instead of an error.
     */
    public static byte[] bytes(Object value) {
        return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    }

    public static <T> Optional<T> read(Path file, Class<T> type, Predicate<T> whole)
            throws IOException {
        try {
            byte[] bytes = RegularFiles.read(file);
            T read = bytes.length == 0 ? null : JSON.readValue(bytes, type);
            if (read == null || !whole.test(read)) {
                throw new DamagedException(file, new IOException("parts are missing"));
            }
            return Optional.of(read);
        } catch (NoSuchFileException e) {
            if (RegularFiles.taken(file)) {
                throw new DamagedException(file, e);
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            throw new DamagedException(file, e);
        }
    }
}

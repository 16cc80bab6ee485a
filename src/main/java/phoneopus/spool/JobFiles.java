package phoneopus.spool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import phoneopus.files.RegularFiles;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.deser.std.StdConvertingDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.util.StdConverter;

/** Reads and writes the records of a job as JSON, and checks that they are complete. */
public final class JobFiles {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(
                                            Instant.class,
                                            new StdConvertingDeserializer<>(new Times())))
                    .enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DateTimeFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    // A newer version may have written the directory.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    /** Reads milliseconds since 1970 as a point in time. */
    private static final class Times extends StdConverter<Long, Instant> {
        @Override
        public Instant convert(Long unixMs) {
            return Instant.ofEpochMilli(unixMs);
        }
    }

    /** Names a record that is not from a file in error messages. */
    private static final Path RECORD = Path.of("record");

    private JobFiles() {}

    /** The request of that job; empty if there is no file. */
    public static Optional<JobRequest> request(Path file, JobId id) throws IOException {
        return read(file, JobRequest.class, read -> read.whole() && read.jobId().equals(id));
    }

    /** Parses a request that is stored outside its file. */
    public static JobRequest request(String json) throws DamagedException {
        return parse(RECORD, utf8(json), JobRequest.class, JobRequest::whole);
    }

    /** Parses a completion that is stored outside its file. */
    public static Completion completion(String json) throws DamagedException {
        return parse(RECORD, utf8(json), Completion.class, Completion::whole);
    }

    public static String json(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** Whether the file contains a readable request of that job. */
    static boolean holdsRequest(Path file, JobId id) throws IOException {
        try {
            return request(file, id).isPresent();
        } catch (DamagedException _) {
            return false;
        }
    }

    /**
     * Serializes through a string: an unpaired surrogate, which a caller may send, becomes a
     * question mark instead of an error.
     */
    public static byte[] bytes(Object value) {
        return utf8(text(value));
    }

    /** Keeps unpaired surrogates. */
    static String text(Object value) {
        return JSON.writeValueAsString(value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static <T> Optional<T> read(Path file, Class<T> type, Predicate<T> whole)
            throws IOException {
        byte[] bytes;
        try {
            bytes = RegularFiles.read(file);
        } catch (NoSuchFileException e) {
            if (RegularFiles.otherKind(file)) {
                throw new DamagedException(file, e);
            }
            return Optional.empty();
        }
        return Optional.of(parse(file, bytes, type, whole));
    }

    private static <T> T parse(Path file, byte[] bytes, Class<T> type, Predicate<T> whole)
            throws DamagedException {
        try {
            T read = bytes.length == 0 ? null : JSON.readValue(bytes, type);
            if (read != null && whole.test(read)) {
                return read;
            }
        } catch (RuntimeException e) {
            throw new DamagedException(file, e);
        }
        throw new DamagedException(file, new IOException("parts are missing"));
    }
}

package phoneopus.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import phoneopus.claude.DurableFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The truth about consults: a directory each, the list of those that are not over, and what each
 * session has cost so far.
 *
 * <pre>
 * spool/&lt;job&gt;/request.json   accepted
 * spool/&lt;job&gt;/outcome.json   over
 * open/&lt;job&gt;                 not over yet
 * sessions/&lt;session&gt;         its cost so far, in US dollars
 * </pre>
 */
@Component
class Spool {
    private final JsonMapper json =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    // A directory may come from a newer version.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final StateDirectory state;

    Spool(StateDirectory state) {
        this.state = state;
    }

    /** The directory of that consult's run. */
    Path directory(JobId id) throws IOException {
        return folder("spool").resolve(id.toString());
    }

    Path dispatchLock() throws IOException {
        return state.path().resolve("dispatch.lock");
    }

    /** Accepts the request: from here on it ends in the books, whatever dies. */
    void accept(JobRequest request) throws IOException {
        Path directory = directory(request.jobId());
        try {
            DurableFiles.createDirectories(directory);
            DurableFiles.write(directory.resolve("request.json"), bytes(request));
            DurableFiles.write(folder("open").resolve(request.jobId().toString()), new byte[0]);
        } catch (IOException e) {
            FileSystemUtils.deleteRecursively(directory);
            throw e;
        }
    }

    /** Those that are not over, in no order. */
    List<JobId> open() throws IOException {
        List<JobId> open = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder("open"))) {
            files.forEach(file -> JobId.parse(file.getFileName().toString()).ifPresent(open::add));
        }
        return open;
    }

    Optional<JobRequest> request(JobId id) throws IOException {
        return read(directory(id).resolve("request.json"), JobRequest.class);
    }

    Optional<Ended> ended(JobId id) throws IOException {
        return read(directory(id).resolve("outcome.json"), Ended.class);
    }

    /**
     * Records the ending, unless one is recorded already: the first one stands, and is returned.
     */
    Ended end(JobId id, Ended ended) throws IOException {
        if (DurableFiles.writeFirst(directory(id).resolve("outcome.json"), bytes(ended))) {
            return ended;
        }
        return ended(id)
                .orElseThrow(() -> new IOException("outcome of job " + id + " is unreadable"));
    }

    /** Takes it off the list of those that are not over. */
    void close(JobId id) throws IOException {
        Files.deleteIfExists(folder("open").resolve(id.toString()));
    }

    /** What the session had cost when its last consult ended, 0 for one that is not known. */
    double costOf(UUID session) throws IOException {
        return read(folder("sessions").resolve(session.toString()), Double.class).orElse(0.0);
    }

    void rememberCost(UUID session, double costUsd) throws IOException {
        DurableFiles.write(folder("sessions").resolve(session.toString()), bytes(costUsd));
    }

    private Path folder(String name) throws IOException {
        Path folder = state.path().resolve(name);
        DurableFiles.createDirectories(folder);
        return folder;
    }

    /**
     * By way of a string: half a surrogate pair, which a caller may send, becomes a question mark
     * instead of an error.
     */
    private byte[] bytes(Object value) {
        return json.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    }

    private <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        try {
            return Optional.of(json.readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (JacksonException e) {
            FileSystemException unreadable =
                    new FileSystemException(
                            file.toString(), null, file.getFileName() + " is unreadable");
            unreadable.initCause(e);
            throw unreadable;
        }
    }
}

package phoneopus.spool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The permanent, globally unique id of a consult: of its directory, its row and its job. */
public record JobId(@JsonValue UUID value) {
    @JsonCreator
    public JobId {}

    public static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /** Empty if the text is not a UUID. */
    public static Optional<JobId> parse(String text) {
        try {
            return Optional.of(new JobId(UUID.fromString(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }

    /** The ids among the folder's file names, the last changed first. */
    static List<JobId> lastChangedFirst(Path folder) throws IOException {
        Map<JobId, Long> changed = new HashMap<>();
        for (JobId id : namedIn(folder)) {
            changed.put(id, folder.resolve(id.toString()).toFile().lastModified());
        }
        return changed.entrySet().stream()
                .sorted(Map.Entry.<JobId, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The ids among the folder's file names, in no order; {@code 1-1-1-1-1} is not one. */
    static List<JobId> namedIn(Path folder) throws IOException {
        List<JobId> ids = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                parse(name).filter(id -> id.toString().equals(name)).ifPresent(ids::add);
            }
        }
        return ids;
    }
}

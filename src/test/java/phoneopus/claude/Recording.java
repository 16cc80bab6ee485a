package phoneopus.claude;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import phoneopus.run.EventTail;
import phoneopus.run.Run;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One recorded run of the real command: how it ended, and what it wrote. */
record Recording(String name, Path stdout, Optional<Integer> exit, String stderr) {

    private static final Path FOLDER = Path.of("src/test/resources/phoneopus/claude");
    private static final String TOO_LONG = "[Errno 7]";

    static List<Recording> all() {
        return new JsonMapper()
                .readTree(FOLDER.resolve("cases.json").toFile())
                .valueStream()
                .map(Recording::of)
                .toList();
    }

    static Recording named(String name) {
        return all().stream()
                .filter(recording -> recording.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<String> lines(String file) {
        try {
            return Files.readAllLines(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EventReader events() {
        var events = new EventReader();
        try {
            new EventTail(stdout, events::line).readToEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    private static Recording of(JsonNode recorded) {
        return new Recording(
                recorded.path("name").asString(),
                FOLDER.resolve(recorded.path("file").asString()),
                exit(recorded.path("rc")),
                recorded.path("stderr").asString().strip());
    }

    /** As the runner writes it: its shell says 128 + signal, 126 of what cannot be executed. */
    private static Optional<Integer> exit(JsonNode code) {
        if (code.isString()) {
            return Optional.of(
                    code.asString().contains(TOO_LONG) ? Run.NOT_EXECUTABLE : Run.CWD_CHANGED);
        }
        if (!code.isInt()) {
            return Optional.empty();
        }
        return Optional.of(code.asInt() < 0 ? Run.SIGNALLED - code.asInt() : code.asInt());
    }
}

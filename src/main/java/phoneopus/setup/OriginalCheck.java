package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import phoneopus.original.OriginalInspection;
import phoneopus.original.OriginalInspection.Originals;

/** What became of the original program's consults, where there are any. */
record OriginalCheck(Path stateDirectory) implements Check {
    private static final int MOST_NAMED = 3;

    @Override
    public String subject() {
        return "original";
    }

    @Override
    public List<Finding> look() throws IOException {
        Originals originals = OriginalInspection.look(stateDirectory);
        if (originals.none()) {
            return List.of();
        }
        String counts =
                "consults of the original program: %d taken over, %d to be taken over by the next look-up, %d open, %d unreadable"
                        .formatted(
                                originals.takenOver(),
                                originals.waiting(),
                                originals.open(),
                                originals.unreadable().size());
        if (originals.unreadable().isEmpty()) {
            return List.of(Finding.ok(subject(), counts));
        }
        String named =
                originals.unreadable().entrySet().stream()
                        .limit(MOST_NAMED)
                        .map(OriginalCheck::named)
                        .collect(Collectors.joining(", "));
        int more = originals.unreadable().size() - MOST_NAMED;
        return List.of(
                Finding.warn(
                        subject(),
                        "%s: %s%s"
                                .formatted(
                                        counts,
                                        named,
                                        more > 0 ? " and %d more".formatted(more) : ""),
                        "look at them in %s, and move away what is not worth mending"
                                .formatted(stateDirectory.resolve("mcp/consult_jobs"))));
    }

    private static String named(Map.Entry<String, String> unreadable) {
        return "%s (%s)".formatted(unreadable.getKey(), unreadable.getValue());
    }
}

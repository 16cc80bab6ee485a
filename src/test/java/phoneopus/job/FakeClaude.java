package phoneopus.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A {@code claude} command in a folder of its own, made of demo-claude.sh. It notes each session
 * that starts, and waits where its gate is shut.
 */
public final class FakeClaude {
    private final Path folder;

    public FakeClaude(Path folder) {
        this.folder = folder;
        write(
                "claude",
                """
                #!/bin/sh
                [ "$1" != --version ] || { echo '0.0.0 (fake)'; exit; }
                export FAKE_CLAUDE_RECORD='%1$s/record'
                mkdir -p "$FAKE_CLAUDE_RECORD"
                . '%1$s/variables'
                echo "$$" >>'%1$s/pids'
                while [ -e '%1$s/shut' ]; do sleep 0.05; done
                exec '%2$s' "$@"
                """
                        .formatted(folder, Path.of("src/main/sh/demo-claude.sh").toAbsolutePath()));
        set();
        folder.resolve("claude").toFile().setExecutable(true);
    }

    public Path command() {
        return folder.resolve("claude");
    }

    /** Variables of demo-claude.sh, for the runs that start from now on. */
    FakeClaude set(String... variables) {
        var exports = new StringBuilder();
        for (String variable : variables) {
            exports.append("export ").append(variable).append('\n');
        }
        write("variables.new", exports.toString());
        try {
            Files.move(
                    folder.resolve("variables.new"),
                    folder.resolve("variables"),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public FakeClaude shut() {
        write("shut", "");
        return this;
    }

    public void open() {
        try {
            Files.deleteIfExists(folder.resolve("shut"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many have been started, those at the gate included. */
    public int started() {
        return lines("pids").size();
    }

    /** The sessions that went through the gate, in this order. */
    List<String> sessions() {
        return lines("record/journal").stream()
                .filter(line -> line.startsWith("start "))
                .map(line -> line.split(" ")[2])
                .toList();
    }

    /** Most that ran at once, by the fake's own journal. */
    int mostAtOnce() {
        record Step(long at, int change) {}
        var steps = new ArrayList<Step>();
        for (String line : lines("record/journal")) {
            var words = line.split(" ");
            steps.add(new Step(Long.parseLong(words[3]), words[0].equals("start") ? 1 : -1));
        }
        steps.sort(Comparator.comparingLong(Step::at));
        int now = 0;
        int most = 0;
        for (Step step : steps) {
            now += step.change();
            most = Math.max(most, now);
        }
        return most;
    }

    private List<String> lines(String file) {
        try {
            return Files.exists(folder.resolve(file))
                    ? Files.readAllLines(folder.resolve(file))
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

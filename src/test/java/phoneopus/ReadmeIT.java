package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the first screen of the README as written, with an empty home. */
class ReadmeIT {

    private static final String LAUNCHER = "phone-opus ";

    /** NpmIT runs this command; here the program is the one that was just built. */
    private static final String INSTALL = "npm install -g phone-opus && ";

    @TempDir Path temporary;

    /** A command and the output shown below it; {@code …} stands for any lines. */
    private record Shown(String command, List<String> output) {}

    @Test
    void thePersonWithoutClaudeSeesWhatIsShown() {
        var surroundings = Surroundings.in(temporary);
        var environment = surroundings.environment();
        environment.remove("PHONE_OPUS_CLAUDE_BINARY");

        var shown = firstScreen().stream().filter(one -> !one.output().isEmpty()).toList();

        assertThat(shown).hasSize(3);
        for (var one : shown) {
            var lines = run(surroundings, one.command(), environment).out().lines().toList();
            assertThat(lines).as(one.command()).containsSubsequence(matched(one, lines));
        }
    }

    @Test
    void thePersonWithClaudeIsAnswered() {
        var surroundings = Surroundings.in(temporary);

        var asked = firstScreen().getLast();
        var ended = run(surroundings, asked.command(), surroundings.environment());

        assertThat(asked.command()).startsWith(LAUNCHER + "ask ");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).contains("> What would you change first in this repository");
        assertThat(ended.err()).contains("consult ok ", "follow up: ", " ask --session ");
    }

    /** The output lines that match the lines shown, in order. */
    private static List<String> matched(Shown shown, List<String> lines) {
        return shown.output().stream()
                .filter(line -> !line.equals("…"))
                .map(line ->
                        lines.stream()
                                .filter(pattern(line).asMatchPredicate())
                                .findFirst()
                                .orElse("nothing like: " + line))
                .toList();
    }

    private static Pattern pattern(String line) {
        return Pattern.compile(
                Arrays.stream(line.split("…", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }

    /** Runs it where the PATH has phone-opus, and a Node with which npm installs the newest. */
    private static Script.Completion run(
            Surroundings surroundings, String command, Map<String, String> environment) {
        var programs = surroundings.home().resolve("bin");
        Script.writeExecutable(programs.resolve("node"), "#!/bin/sh\necho v22.0.0\n");
        try {
            if (!Files.exists(programs.resolve("phone-opus"))) {
                Files.createSymbolicLink(programs.resolve("phone-opus"), PackagedServer.launcher());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var script = Script.of(surroundings.desk(), "/bin/sh", "-c", command);
        for (var variable : environment.entrySet()) {
            script = script.with(variable.getKey(), variable.getValue());
        }
        return script.with("PATH", programs + ":/usr/bin:/bin").run();
    }

    private static List<Shown> firstScreen() {
        var section =
                Surroundings.read(Path.of("README.md"))
                        .split("(?m)^## A consult in 60 seconds$")[1]
                        .split("(?m)^## ")[0];
        var shown = new ArrayList<Shown>();
        for (var block : blocks(section)) {
            var first = block.getFirst();
            var command = first.startsWith(INSTALL) ? first.substring(INSTALL.length()) : first;
            if (command.startsWith(LAUNCHER)) {
                shown.add(new Shown(command, new ArrayList<>()));
            } else {
                shown.getLast().output().addAll(block);
            }
        }
        return shown;
    }

    /** Blocks of consecutive indented lines. */
    private static List<List<String>> blocks(String section) {
        return Stream.of(section.split("\n\n"))
                .filter(paragraph -> paragraph.startsWith("    "))
                .map(paragraph -> paragraph.lines().map(line -> line.substring(4)).toList())
                .toList();
    }
}

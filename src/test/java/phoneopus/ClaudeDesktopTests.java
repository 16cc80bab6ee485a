package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the script that Claude Desktop starts in the unpacked extension. */
class ClaudeDesktopTests {

    private static final String TIME = "2026-01-01T00:00:00Z";

    @TempDir Path temporary;
    Path extension;

    @BeforeEach
    void unpackWithoutModesAndTimes() throws IOException {
        extension = temporary.toRealPath().resolve("phone opus");
        write(
                "bin/phone-opus",
                "#!/bin/sh\necho \"$# $*, ${PHONE_OPUS_CLAUDE_BINARY-nothing}\"\nexit 7\n");
        write(
                "libexec/claude-desktop.sh",
                Files.readString(Script.file("src/main/sh/claude-desktop.sh")));
        for (var file :
                new String[] {
                    "lib/phone-opus.jar",
                    "lib/dependencies/a library.jar",
                    "runtime/bin/java",
                    "runtime/lib/jspawnhelper"
                }) {
            write(file, "");
        }
    }

    @Test
    void givesModesAndTimesBackAndStartsWithTheWordsThatFollow() throws IOException {
        var ended = script().run(TIME, "--demo", "two words");

        assertThat(ended).isEqualTo(new Script.Completion(7, "2 --demo two words, nothing\n", ""));
        assertThat(extension.resolve("runtime/bin/java")).isExecutable();
        assertThat(extension.resolve("runtime/lib/jspawnhelper")).isExecutable();
        for (var library : new String[] {"lib/phone-opus.jar", "lib/dependencies/a library.jar"}) {
            assertThat(Files.getLastModifiedTime(extension.resolve(library)).toInstant())
                    .isEqualTo(Instant.parse(TIME));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',nothing",
        "'${user_config.claude_binary}',nothing",
        "/some/where/claude,/some/where/claude"
    })
    void aFieldThatWasLeftEmptyNamesNoCommand(String field, String command) {
        var ended = script().with("PHONE_OPUS_CLAUDE_BINARY", field).run(TIME);

        assertThat(ended.out()).isEqualTo("0 , " + command + "\n");
    }

    private Script script() {
        return Script.of(
                temporary.resolve("here"),
                "/bin/sh",
                extension.resolve("libexec/claude-desktop.sh").toString());
    }

    private void write(String file, String text) throws IOException {
        var path = extension.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}

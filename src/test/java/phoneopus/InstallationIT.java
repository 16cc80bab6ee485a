package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;

/** Tests a server whose installation is removed or replaced while it runs. */
@Timeout(180)
class InstallationIT {

    enum Change {
        MOVED,
        REMOVED,
        REPLACED
    }

    private Surroundings surroundings;
    private Path installation;

    @BeforeEach
    void install(@TempDir Path temporary) throws IOException {
        surroundings = Surroundings.in(temporary);
        installation = surroundings.desk().resolve("phone-opus");
        copy();
    }

    @AfterEach
    void endEverything() {
        surroundings.releaseAll();
        surroundings.endEverything();
    }

    @ParameterizedTest
    @EnumSource
    void aRunningServerGoesOn(Change change) throws IOException {
        var held = surroundings.held(Map.of("ANSWER", "Rename it."));
        var other = surroundings.repository(Map.of("ANSWER", "Drop it."));
        var launcher = List.of(installation.resolve("bin/phone-opus").toString());
        try (var server =
                PackagedServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        launcher,
                        UnaryOperator.identity())) {
            var taken =
                    server.full(
                                    "consult",
                                    Map.of("prompt", "Why?", "cwd", "" + held, "background", true))
                            .path("job_id")
                            .asString();
            Surroundings.awaitHeld(held, 1);

            make(change);
            var answer = server.full("consult", Map.of("prompt", "And?", "cwd", "" + other));
            var list = server.full("consult_jobs", Map.of("mode", "all"));
            Surroundings.release(held);
            var ended = server.full("consult_wait", Map.of("job_id", taken)).path("job");

            assertThat(answer.path("response").asString()).isEqualTo("Drop it.");
            assertThat(list.path("count").asInt()).isEqualTo(2);
            assertThat(ended.at("/result/response").asString()).isEqualTo("Rename it.");
            assertThat(server.log()).doesNotContain("NoClassDefFound", "ClassNotFound", "ERROR");
        }
    }

    private void make(Change change) throws IOException {
        switch (change) {
            case MOVED -> Files.move(installation, installation.resolveSibling("elsewhere"));
            case REMOVED -> FileSystemUtils.deleteRecursively(installation);
            case REPLACED -> {
                Files.move(installation, installation.resolveSibling("before"));
                copy();
                FileSystemUtils.deleteRecursively(installation.resolveSibling("before"));
            }
        }
    }

    private void copy() throws IOException {
        Files.createDirectories(installation);
        var built = PackagedServer.launcher().getParent().getParent();
        var copied =
                Script.of(surroundings.home(), "/bin/cp", "-a")
                        .run(built + "/.", installation.toString());
        assertThat(copied.exitCode()).as(copied.err()).isZero();
    }
}

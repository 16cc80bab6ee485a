package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Tests the start-up cache of the build in an installation that was moved and then damaged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StartCacheIT {

    private Surroundings surroundings;
    private Path launcher;
    private Path cache;

    @BeforeAll
    void move(@TempDir Path temporary) throws Exception {
        surroundings = Surroundings.in(temporary);
        var moved = temporary.resolve("my programs");
        var copy =
                new ProcessBuilder(
                                "cp",
                                "-a",
                                PackagedServer.launcher().getParent().getParent().toString(),
                                moved.toString())
                        .start();
        assertThat(copy.waitFor()).isZero();
        launcher = moved.resolve("bin/phone-opus");
        cache = moved.resolve("lib/phone-opus.jsa");
    }

    @Test
    @Order(1)
    void aMovedInstallationStillUsesIt() {
        var ended = run(Map.of("PHONE_OPUS_JAVA_OPTS", "-Xshare:on"), "--version");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(line(run(Map.of(), "doctor"), "start-up cache")).startsWith("ok ");
    }

    @Test
    @Order(1)
    void aTerminalCommandStartsWithTheBeansOfTheBuildAndOutOfIt() throws IOException {
        var log = surroundings.desk().resolve("loaded.txt");

        var ended = run(Map.of("PHONE_OPUS_JAVA_OPTS", "-Xlog:class+load:file=" + log), "jobs");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err()).contains("no consults\n");
        assertThat(Files.readAllLines(log))
                .anyMatch(outOfTheCache("PhoneOpusApplication__BeanFactoryRegistrations"))
                .anyMatch(outOfTheCache("phoneopus.cli.Terminal"));
    }

    @Test
    @Order(2)
    void oneThatWasMadeForAnOlderLibraryDoesNotFit() throws IOException {
        var library = launcher.resolveSibling("../lib/phone-opus.jar").normalize();
        var made = Files.getLastModifiedTime(library);
        Files.setLastModifiedTime(library, FileTime.fromMillis(made.toMillis() + 10_000));

        var doctor = run(Map.of(), "doctor");
        Files.setLastModifiedTime(library, made);

        assertThat(line(doctor, "start-up cache")).startsWith("warn ");
    }

    @Test
    @Order(3)
    void oneThatDoesNotFitIsPassedOverInSilence() throws IOException {
        Files.writeString(cache, "This was a cache.");

        var strict = run(Map.of("PHONE_OPUS_JAVA_OPTS", "-Xshare:on"), "--version");
        var server =
                RawServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        List.of(launcher.toString()));
        try (server) {
            server.shakeHands();
            server.ping();
            var health = server.call("health_snapshot", Map.of());

            assertThat(strict.exitCode()).isNotZero();
            assertThat(health.at("/content/0/text").asString()).startsWith("health ");
            assertThat(server.log()).isEmpty();
        }
    }

    @Test
    @Order(4)
    void theDoctorSaysSoAndMakesItAnew() {
        var before = run(Map.of(), "doctor");
        var warmed = run(Map.of(), "doctor", "--warm");

        assertThat(line(before, "start-up cache"))
                .startsWith("warn ")
                .contains("was made for another Java or other files");
        assertThat(before.out()).contains("doctor --warm");
        assertThat(line(warmed, "start-up cache")).startsWith("ok ");
        assertThat(run(Map.of("PHONE_OPUS_JAVA_OPTS", "-Xshare:on"), "--version").exitCode())
                .isZero();
        assertThat(surroundings.processes()).isEmpty();
    }

    private Script.Completion run(Map<String, String> more, String... words) {
        var script = Script.of(surroundings.desk(), launcher.toString());
        for (var variable : surroundings.environment(more).entrySet()) {
            script = script.with(variable.getKey(), variable.getValue());
        }
        return script.run(words);
    }

    private static Predicate<String> outOfTheCache(String type) {
        return line -> line.contains(type + " source: shared objects file");
    }

    private static String line(Script.Completion ended, String subject) {
        return ended.out()
                .lines()
                .filter(line -> line.contains(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ended.toString()));
    }
}

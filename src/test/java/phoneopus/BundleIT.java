package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the packages for users without Java. */
@Tag("bundle")
class BundleIT {

    /**
     * With this option Java exits instead of continuing without a start-up cache it cannot read.
     */
    private static final String ONLY_WITH_CACHE = "-Xshare:on";

    @TempDir static Path unpacked;
    static Path folder;

    @TempDir Path temporary;
    Surroundings surroundings;

    @BeforeAll
    static void unpack() throws IOException {
        var place = Files.createDirectory(unpacked.resolve("my own programs"));
        run("tar", "-xzf", built(".tar.gz").toString(), "-C", place.toString());
        try (var folders = Files.list(place)) {
            folder = folders.findFirst().orElseThrow();
        }
        run("chmod", "-R", "a-w", place.toString());
    }

    @AfterAll
    static void letItBeDeleted() {
        run("chmod", "-R", "u+w", unpacked.toString());
    }

    @BeforeEach
    void makeFolders() {
        surroundings = Surroundings.in(temporary);
    }

    @AfterEach
    void endEverything() {
        surroundings.endEverything();
    }

    @Test
    void answersOnItsOwnJavaWithItsStartUpCache() {
        var phoneOpus = script(launcher().toString());

        var answer = phoneOpus.run("ask", "--demo", "Review my plan");
        var jobs = phoneOpus.run("jobs", "--all");
        var version =
                phoneOpus
                        .with("PHONE_OPUS_JAVA_OPTS", "-XshowSettings:properties")
                        .run("--version");

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).startsWith("This is a demo answer: Claude was not asked.");
        assertThat(jobs.out()).as(jobs.err()).contains("Review my plan");
        assertThat(version.exitCode()).isZero();
        assertThat(version.err()).contains("java.home = " + folder.resolve("runtime"));
    }

    /** The doctor assumes that an installation without the finder has its own Java. */
    @Test
    void itsDoctorFindsTheCacheToFitAndLooksForNoOtherJava() {
        var doctor = script(launcher().toString()).run("doctor");

        assertThat(doctor.out()).contains("phone-opus.jsa fits this Java");
        assertThat(folder.resolve("libexec")).isDirectoryNotContaining("glob:**find-jdk.sh");
    }

    @ParameterizedTest
    @MethodSource("phoneopus.InstallIT#clients")
    void everyClientStartsItAsInstalled(String client, String file, String servers) {
        var installer = Script.of(surroundings.desk(), launcher().toString());

        var answer = InstallIT.answered(surroundings, installer, client, file, servers);

        assertThat(answer.path("mode").stringValue()).isEqualTo("sync");
    }

    @Test
    void servesOverStdio() {
        var server = server(List.of(launcher().toString()), environment());

        try (server) {
            assertConsults(server);
        }
    }

    @Test
    void servesOverHttpWithMetrics() {
        var server =
                HttpServer.run(
                        List.of(launcher().toString(), "serve", "--phone-opus.http.port=0"),
                        surroundings.desk(),
                        environment());

        try (server;
                var client = server.streamable(more -> more)) {
            var answer = client.full("consult", question());
            var metrics =
                    server.send(HttpRequest.newBuilder(server.at("/actuator/prometheus")).GET());

            assertThat(answer.path("mode").asString()).isEqualTo("sync");
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.body())
                    .contains("mcp_tool_calls_total", "process_cpu_usage", "jvm_gc_");
        }
    }

    /** Otherwise the other tests would prove nothing. */
    @Test
    void javaEndsWhereALibraryIsNewerThanTheCache() throws IOException {
        var copy = temporary.resolve("copy");
        run("cp", "-al", folder.toString(), copy.toString());
        run("chmod", "u+w", copy.resolve("lib").toString());
        var library = copy.resolve("lib/phone-opus.jar");
        Files.delete(library);
        Files.copy(folder.resolve("lib/phone-opus.jar"), library);

        var ended = script(copy.resolve("bin/phone-opus").toString()).run("--version");

        assertThat(ended.exitCode()).isEqualTo(1);
        run("chmod", "-R", "u+w", copy.toString());
    }

    @Test
    void claudeDesktopsOwnToolTakesTheExtensionAndItStartsFromThere() throws IOException {
        var place = temporary.resolve("extensions/phone opus");
        run(mcpb("validate", Path.of("target/bundle/manifest.json").toAbsolutePath().toString()));
        run(mcpb("unpack", built(".mcpb").toString(), place.toString()));
        var configuration = json(place.resolve("manifest.json")).path("server").path("mcp_config");
        var command = new ArrayList<String>();
        command.add(configuration.path("command").asString());
        configuration
                .path("args")
                .forEach(word ->
                        command.add(word.asString().replace("${__dirname}", place.toString())));
        // The user left the field empty, so the command is found as usual.
        var environment = new HashMap<>(environment());
        environment.put("PHONE_OPUS_CLAUDE_BINARY", "");
        Files.createDirectories(surroundings.home().resolve(".local/bin"));
        Files.createSymbolicLink(
                surroundings.home().resolve(".local/bin/claude"), surroundings.claude());

        assertThat(configuration.path("env").path("PHONE_OPUS_CONSULT_PATIENCE"))
                .isEqualTo(
                        json(Path.of("config/clients/claude-desktop.json"))
                                .at("/mcpServers/phone-opus/env/PHONE_OPUS_CONSULT_PATIENCE"));
        for (var start = 1; start <= 2; start++) {
            try (var server = server(command, environment)) {
                assertConsults(server);
            }
        }
        assertThat(script(place.resolve("bin/phone-opus").toString()).run("doctor").out())
                .contains("phone-opus.jsa fits this Java");
    }

    @Test
    void theExtensionNamesTheToolsThatThereAre() {
        var manifest = json(Path.of("target/bundle/manifest.json"));

        try (var server = server(List.of(launcher().toString()), environment())) {
            var tools = server.client().client().listTools().tools();

            assertThat(manifest.path("tools").findValuesAsString("name"))
                    .containsExactlyInAnyOrderElementsOf(
                            tools.stream().map(tool -> tool.name()).toList());
        }
    }

    /**
     * Checks the requirements of the registry's schema of 2025-12-11 and its rules for such
     * packages.
     */
    @Test
    void theEntryForTheRegistryIsComplete() throws IOException, GeneralSecurityException {
        var extension = built(".mcpb");

        var entry = json(Path.of("target/server.json"));

        assertThat(entry.path("$schema").asString())
                .isEqualTo(
                        "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json");
        assertThat(entry.path("name").asString())
                .hasSizeBetween(3, 200)
                .matches("[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+");
        assertThat(entry.path("title").asString()).hasSizeBetween(1, 100);
        assertThat(entry.path("description").asString()).hasSizeBetween(1, 100);
        assertThat(entry.path("version").asString())
                .isEqualTo(json(Path.of("target/bundle/manifest.json")).path("version").asString());
        assertThat(entry.path("repository").propertyNames()).contains("url", "source");
        assertThat(entry.path("packages").size()).isEqualTo(1);
        var bundle = entry.path("packages").path(0);
        assertThat(bundle.path("registryType").asString()).isEqualTo("mcpb");
        assertThat(bundle.path("identifier").asString())
                .startsWith("https://github.com/")
                .endsWith("/" + extension.getFileName());
        assertThat(bundle.path("transport").path("type").asString()).isEqualTo("stdio");
        assertThat(bundle.path("fileSha256").asString()).isEqualTo(sha256(extension));
        assertThat(entry.toString()).doesNotContain("@");
    }

    @Test
    void debiansPackageAnswersWithItsStartUpCache() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "made only with dpkg-deb");
        var root = temporary.resolve("root");
        run("dpkg-deb", "--extract", deb().toString(), root.toString());

        var answer =
                script(root.resolve("usr/bin/phone-opus").toString()).run("ask", "--demo", "Why?");

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).startsWith("This is a demo answer");
    }

    @Test
    void theChecksumsAndTheListOfComponentsAreThoseOfTheRelease() throws IOException {
        var target = Path.of("target").toAbsolutePath().toString();
        run("sh", "-ec", "cd " + target + " && sha256sum --check SHA256SUMS");

        assertThat(Files.readAllLines(Path.of("target/SHA256SUMS")))
                .hasSizeGreaterThanOrEqualTo(5)
                .anyMatch(line -> line.endsWith(".cdx.json"));
        assertThat(json(built(".cdx.json")).path("components").findValuesAsString("name"))
                .contains("spring-boot", "h2", "picocli")
                .doesNotContain("junit-jupiter-api");
    }

    private static Path deb() {
        try (var files = Files.newDirectoryStream(Path.of("target"), "phone-opus_*.deb")) {
            return files.iterator().next().toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PackagedServer server(List<String> command, Map<String, String> environment) {
        return PackagedServer.start(surroundings.desk(), environment, command, client -> client);
    }

    private void assertConsults(PackagedServer server) {
        var answer = server.full("consult", question());

        assertThat(answer.path("mode").asString()).isEqualTo("sync");
        assertThat(answer.path("response").asString()).contains("demo");
    }

    private Map<String, Object> question() {
        return Map.of(
                "prompt", "Is this fast?", "cwd", surroundings.repository(Map.of()).toString());
    }

    private Script script(String... command) {
        var script = Script.of(surroundings.desk(), command);
        for (var variable : environment().entrySet()) {
            script = script.with(variable.getKey(), variable.getValue());
        }
        return script;
    }

    private Map<String, String> environment() {
        return Map.of(
                "PATH",
                "/usr/bin:/bin",
                "HOME",
                surroundings.home().toString(),
                "PHONE_OPUS_CLAUDE_BINARY",
                surroundings.claude().toString(),
                "PHONE_OPUS_JAVA_OPTS",
                ONLY_WITH_CACHE);
    }

    private static Path launcher() {
        return folder.resolve("bin/phone-opus");
    }

    private static Path built(String ending) {
        try (var files = Files.newDirectoryStream(Path.of("target"), "phone-opus-*" + ending)) {
            return files.iterator().next().toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Path file) {
        return JsonMapper.shared().readTree(file.toFile());
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static String[] mcpb(String... words) {
        var command = new ArrayList<>(NodePackages.mcpb());
        command.addAll(List.of(words));
        return command.toArray(String[]::new);
    }

    private static void run(String... command) {
        var script =
                Script.of(unpacked.resolve("run"), command).with("PATH", System.getenv("PATH"));
        var ended = script.run();
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    }
}

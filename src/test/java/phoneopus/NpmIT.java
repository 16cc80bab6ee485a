package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Installs the packages for npm from a registry on this machine, as its user would. */
@Tag("bundle")
class NpmIT {

    private static final String LATER = "99.0.0";

    @TempDir Path temporary;
    Surroundings surroundings;
    HttpServer registry;
    Path prefix;
    boolean cutShort;

    @BeforeEach
    void serve() throws IOException {
        surroundings = Surroundings.in(temporary);
        prefix = surroundings.home().resolve("npm");
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
    }

    @AfterEach
    void endEverything() {
        surroundings.endEverything();
        registry.stop(0);
    }

    /** Also with the oldest Node that npm still supports, and where npm runs no scripts. */
    @Test
    void oneLineInstallsWhatAnswersOnItsOwnJavaWithItsStartUpCache() {
        assertThat(npm("install", "-g", "--ignore-scripts", "phone-opus").exitCode()).isZero();
        var phoneOpus = phoneOpus().with("PHONE_OPUS_JAVA_OPTS", "-Xshare:on");

        var answer = phoneOpus.run("ask", "--demo", "Review my plan");

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).startsWith("This is a demo answer");
        assertThat(phoneOpus.run("doctor").out())
                .contains("phone-opus.jsa fits this Java", "phone-opus-linux-");
    }

    @Test
    void whatIsRegisteredOutlivesAnUpdateUnderARunningServer() {
        var newNode = Path.of(NodePackages.conformance().getFirst()).getParent();
        var npm = npm(newNode, "install", "-g", "phone-opus");
        assertThat(npm.exitCode()).as(npm.err()).isZero();
        assertThat(installed().resolve("lib/undated")).doesNotExist(); // Done by npm.
        var launcher = installed().resolve("bin/phone-opus");

        var answer =
                InstallIT.answered(
                        surroundings, phoneOpus(), "codex", ".codex/config.toml", "mcp_servers");

        assertThat(answer.path("mode").stringValue()).isEqualTo("sync");
        assertThat(surroundings.home().resolve(".codex/config.toml"))
                .content()
                .contains("command = \"%s\"".formatted(launcher))
                .doesNotContain("JAVA_HOME");
        try (var server =
                PackagedServer.start(
                        surroundings.desk(),
                        surroundings.environment(),
                        List.of(launcher.toString()),
                        client -> client)) {
            // A server that is only starting loses its files, and ends.
            assertThat(server.full("consult", question()).path("mode").stringValue())
                    .isEqualTo("sync");
            var update = npm(newNode, "install", "-g", "phone-opus@" + LATER);
            assertThat(update.exitCode()).as(update.err()).isZero();
            assertThat(server.full("consult", question()).path("mode").stringValue())
                    .isEqualTo("sync");
        }
        assertThat(phoneOpus().run("ask", "--demo", "Why?").exitCode()).isZero();
        assertThat(npm("uninstall", "-g", "phone-opus").exitCode()).isZero();
        assertThat(installed()).doesNotExist();
    }

    @Test
    void readmeSaysHowToInstallWhatWasJustBuilt() {
        var readme = Surroundings.read(Path.of("README.md"));
        var command = Pattern.compile("`(npm install -g \\S*/target/[^`]+)`").matcher(readme);
        assertThat(command.find()).isTrue();

        var ended =
                script(Path.of("/usr/bin"), "/bin/sh", "-c", "cd \"$1\" && " + command.group(1))
                        .run("sh", Path.of("").toAbsolutePath().toString());

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(phoneOpus().run("doctor").out()).contains("phone-opus.jsa fits this Java");
    }

    @Test
    void aPackageCutShortLeavesTheOldOne() {
        npm("install", "-g", "phone-opus");
        cutShort = true;

        // npm keeps what it has received, and both versions have the same content.
        var update =
                script(Path.of("/usr/bin"), "npm")
                        .with("npm_config_cache", temporary.resolve("empty"))
                        .run("install", "-g", "phone-opus@" + LATER);

        assertThat(update.exitCode()).isNotZero();
        assertThat(phoneOpus().run("ask", "--demo", "Why?").exitCode()).isZero();
    }

    @Test
    void npxAnswersButIsNotRegistered() {
        var asked = npx("ask", "--demo", "Why?");
        var installed = npx("install", "codex");

        assertThat(asked.out()).as(asked.err()).startsWith("This is a demo answer");
        assertThat(installed.exitCode()).isEqualTo(3);
        assertThat(installed.err()).contains("temporary folder", "npm install -g phone-opus");
        assertThat(surroundings.home().resolve(".codex/config.toml")).doesNotExist();
    }

    /** The page's sections in the order of a life: what is removed cannot be moved. */
    @Test
    void thePageOnInstallingDoesWhatItSays() throws IOException {
        var home = surroundings.home();
        Files.createDirectories(home.resolve(".codex"));
        Files.createDirectories(home.resolve(".claude"));
        Files.writeString(
                home.resolve(".claude/.credentials.json"),
                "{\"claudeAiOauth\":{\"accessToken\":\"secret\"}}");
        var jobs = home.resolve(".local/state/phone_opus/spool");

        follow("Installing");
        assertThat(home.resolve(".codex/config.toml")).content().contains(prefix.toString());
        phoneOpus().run("ask", "--demo", "First?");
        phoneOpus().run("ask", "--demo", "Second?");
        follow("Updating");
        follow("Moving to another machine");
        assertThat(phoneOpus().run("jobs", "--all").out()).contains("First?", "Second?");
        follow("Deleting consults");
        assertThat(jobs).doesNotExist();
        follow("Removing");
        assertThat(installed()).doesNotExist();
        assertThat(home.resolve(".codex/config.toml")).doesNotExist();
        assertThat(home.resolve(".local/state/phone_opus")).doesNotExist();
    }

    private void follow(String section) {
        var text =
                Surroundings.read(Path.of("docs/installing.md"))
                        .split("(?m)^## " + section + "$")[1]
                        .split("(?m)^## ")[0];
        var commands =
                text.lines()
                        .filter(line -> line.startsWith("    "))
                        .map(String::strip)
                        .map(command -> command.endsWith(" ID") ? withJob(command) : command)
                        .toList();
        assertThat(commands).isNotEmpty();
        for (var command : commands) {
            var ended =
                    script(prefix.resolve("bin"), "/bin/sh", "-c", command)
                            .with("PATH", prefix.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin")
                            .run();
            assertThat(ended.exitCode()).as(command + ended.out() + ended.err()).isZero();
        }
    }

    private String withJob(String command) {
        try (var jobs =
                Files.newDirectoryStream(
                        surroundings.home().resolve(".local/state/phone_opus/spool"))) {
            return command.replace("ID", jobs.iterator().next().getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> question() {
        return Map.of(
                "prompt", "Is this fast?", "cwd", surroundings.repository(Map.of()).toString());
    }

    private Path installed() {
        return prefix.resolve("lib/node_modules/phone-opus");
    }

    private Script phoneOpus() {
        return script(Path.of("/usr/bin"), prefix.resolve("bin/phone-opus").toString());
    }

    private Script.Completion npx(String... words) {
        return script(Path.of("/usr/bin"), "npx", "--yes", "phone-opus").run(words);
    }

    private Script.Completion npm(String... words) {
        return npm(Path.of("/usr/bin"), words);
    }

    private Script.Completion npm(Path node, String... words) {
        return script(node, "npm").run(words);
    }

    private Script script(Path node, String... command) {
        return Script.of(surroundings.desk(), command)
                .with("PATH", node + ":/usr/local/bin:/usr/bin:/bin")
                .with("HOME", surroundings.home())
                .with("PHONE_OPUS_CLAUDE_BINARY", surroundings.claude())
                .with("npm_config_prefix", prefix)
                .with("npm_config_audit", "false")
                .with("npm_config_fetch_retries", "0")
                .with("npm_config_registry", address());
    }

    private String address() {
        return "http://127.0.0.1:" + registry.getAddress().getPort() + "/";
    }

    private void answer(HttpExchange request) throws IOException {
        try (request) {
            var name = request.getRequestURI().getPath().substring(1);
            var file = name.endsWith(".tgz") ? Path.of("target", name) : archive(name);
            if (!Files.exists(file)) {
                request.sendResponseHeaders(404, -1);
                return;
            }
            var body =
                    name.endsWith(".tgz")
                            ? content(file)
                            : document(name, file).getBytes(StandardCharsets.UTF_8);
            request.sendResponseHeaders(200, body.length);
            request.getResponseBody().write(body);
        }
    }

    private byte[] content(Path file) throws IOException {
        var all = Files.readAllBytes(file);
        return cutShort ? Arrays.copyOf(all, all.length / 2) : all;
    }

    /** What a registry says of a package. */
    private String document(String name, Path file) throws IOException {
        var document = JsonMapper.shared().createObjectNode().put("name", name);
        var version = packageJson(name).path("version").stringValue();
        document.putObject("dist-tags").put("latest", version);
        var versions = document.putObject("versions");
        for (var each : List.of(version, LATER)) {
            var manifest = packageJson(name).put("version", each);
            if (manifest.path("optionalDependencies") instanceof ObjectNode optional) {
                optional.propertyNames().forEach(other -> optional.put(other, each));
            }
            manifest.putObject("dist")
                    .put("tarball", address() + file.getFileName() + "?" + each)
                    .put("integrity", "sha512-" + sha512(file));
            versions.set(each, manifest);
        }
        return document.toString();
    }

    private static ObjectNode packageJson(String name) {
        var folder = name.equals("phone-opus") ? name : "runtime";
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                Path.of("target/bundle/npm", folder, "package/package.json")
                                        .toFile());
    }

    private static Path archive(String name) {
        try (var files = Files.newDirectoryStream(Path.of("target"), name + "-[0-9]*.tgz")) {
            var found = files.iterator();
            return found.hasNext() ? found.next() : Path.of("target", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha512(Path file) throws IOException {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

package phoneopus;

import static phoneopus.StubApi.toolUse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.StubApi.Reply;
import tools.jackson.databind.JsonNode;

/** A user, a repository, the real claude, and a scripted API on this machine that claude calls. */
@Tag("real-claude")
@Timeout(180)
abstract class RealClaude {

    static final String KEY = "dummy-key";

    private static Path claude;

    @TempDir private Path temporary;

    Path home;
    Path repository;
    Path state;
    StubApi api;
    PackagedServer server;

    @BeforeAll
    static void installClaude() {
        claude = NodePackages.claudeBinary();
    }

    @BeforeEach
    void makeFolders() throws IOException {
        var folder = temporary.toRealPath();
        home = Files.createDirectories(folder.resolve("home/.claude")).getParent();
        state = folder.resolve("state");
        repository = Files.createDirectories(folder.resolve("repository/.claude")).getParent();
        Files.writeString(repository.resolve("notes.txt"), "The notes greet you.\n");
        Files.writeString(repository.resolve("secret.txt"), "hidden-word\n");
    }

    @AfterEach
    void stopEverything() {
        RunningProcesses.in(repository).forEach(RunningProcesses.Living::kill);
        if (server != null) {
            server.close();
        }
        if (api != null) {
            api.close();
        }
    }

    PackagedServer serverOfAUserWithAKey() {
        return serverOfAUserWithAKey(Map.of());
    }

    PackagedServer serverOfAUserWithAKey(Map<String, String> more) {
        var environment = new HashMap<>(more);
        environment.put("ANTHROPIC_BASE_URL", api.url());
        environment.put("ANTHROPIC_API_KEY", KEY);
        return start(environment);
    }

    PackagedServer start(Map<String, String> more) {
        var environment = new HashMap<String, String>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("HOME", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("PHONE_OPUS_CLAUDE_BINARY", claude.toString());
        environment.put("PHONE_OPUS_STATE_DIR", state.toString());
        environment.put("PHONE_OPUS_CONSULT_PATIENCE", "0");
        environment.put(
                "PHONE_OPUS_CLAUDE_ENVIRONMENT",
                "DISABLE_TELEMETRY=1,DISABLE_ERROR_REPORTING=1,"
                        + "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1");
        environment.putAll(more);
        return PackagedServer.start(temporary, environment);
    }

    JsonNode consult(String prompt) {
        return consult(prompt, Map.of());
    }

    JsonNode consult(String prompt, Map<String, Object> more) {
        var arguments =
                new HashMap<String, Object>(Map.of("prompt", prompt, "cwd", repository.toString()));
        arguments.putAll(more);
        return server.full("consult", arguments);
    }

    Reply read(String file) {
        return toolUse("Read", Map.of("file_path", repository.resolve(file).toString()));
    }

    static Reply bash(String command) {
        return toolUse("Bash", Map.of("command", command, "description", "Run it"));
    }

    String sentToTheApi() {
        return api.requests().stream().map(JsonNode::toString).reduce("", String::concat);
    }

    /** Writes JSON that was written with single quotes. */
    static void write(Path file, String json) throws IOException {
        Files.writeString(file, json.replace('\'', '"'));
    }
}

package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Framework settings in a user's shell or files, meant for the user's own programs. */
@Timeout(120)
class FrameworkSettingsIT {

    private static final String VARIABLES =
            """
            SPRING_PROFILES_ACTIVE           , terminal
            SPRING_PROFILES_ACTIVE           , http
            SPRING_PROFILES_INCLUDE          , terminal
            SPRING_MAIN_WEB_APPLICATION_TYPE , servlet
            SPRING_AI_MCP_SERVER_PROTOCOL    , STATELESS
            SPRING_AI_MCP_SERVER_STDIO       , false
            SPRING_AI_MCP_SERVER_ENABLED     , false
            SPRING_APPLICATION_JSON          , '{"spring":{"profiles":{"active":"terminal"}}}'
            SPRING_CONFIG_LOCATION           , /nowhere/
            DEBUG                            , 1
            """;

    private Surroundings surroundings;

    @BeforeEach
    void makeSurroundings(@TempDir Path temporary) {
        surroundings = Surroundings.in(temporary);
    }

    @AfterEach
    void endEverything() {
        surroundings.endEverything();
    }

    @ParameterizedTest
    @CsvSource(textBlock = VARIABLES)
    void aVariableMeansNothingToAStdioServer(String name, String value) {
        assertServes(surroundings.environment(Map.of(name, value)), List.of());
    }

    @Test
    void variablesMeanNothingToAnHttpServer() {
        var environment =
                surroundings.environment(
                        Map.of(
                                "SPRING_PROFILES_ACTIVE", "stdio",
                                "SPRING_MAIN_WEB_APPLICATION_TYPE", "none",
                                "SPRING_AI_MCP_SERVER_PROTOCOL", "STATELESS",
                                "SERVER_SERVLET_CONTEXT_PATH", "/elsewhere",
                                "MANAGEMENT_SERVER_PORT", "0"));

        try (var server = HttpServer.start(surroundings.desk(), environment);
                var client = server.streamable(more -> more)) {
            assertThat(client.full("health_snapshot", Map.of()).path("transport").asString())
                    .isEqualTo("http");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.profiles.active: terminal",
                "spring.main.web-application-type: servlet",
                "spring.ai.mcp.server.stdio: false",
                "spring.ai.mcp.server.protocol: STATELESS"
            })
    void aLineOfTheSettingsFileMeansNothingToAStdioServer(String line) throws Exception {
        var file = surroundings.home().resolve(".config/phone-opus/application.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, line + "\n");

        assertServes(surroundings.environment(), List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--spring.ai.mcp.server.protocol=STATELESS",
                "--spring.ai.mcp.server.stdio=false",
                "--server.port=80"
            })
    void anOptionIsRefusedWithOneSentenceToWhoeverAsks(String option) {
        var command = new ArrayList<>(List.of(PackagedServer.launcher().toString(), option));
        try (var server =
                RawServer.start(surroundings.desk(), surroundings.environment(), command)) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.log().lines()).singleElement().asString().startsWith("--s");
        }
        var serve =
                new Script(
                                List.of(PackagedServer.launcher().toString()),
                                surroundings.desk().resolve("serve"),
                                surroundings.environment())
                        .run("serve", option);
        assertThat(serve.exitCode()).isEqualTo(2);
        assertThat(serve.err().lines())
                .singleElement()
                .asString()
                .startsWith(option.substring(0, option.indexOf('=')) + " ");
    }

    private void assertServes(Map<String, String> environment, List<String> options) {
        var repository = surroundings.repository(Map.of("ANSWER", "Yes."));
        var command = new ArrayList<>(List.of(PackagedServer.launcher().toString()));
        command.addAll(options);
        try (var server = RawServer.start(surroundings.desk(), environment, command)) {
            server.shakeHands();
            var health = server.call("health_snapshot", Map.of("render", "json"));
            var answer = server.call("consult", Map.of("prompt", "Why?", "cwd", "" + repository));

            assertThat(health.at("/structuredContent/transport").asString()).isEqualTo("stdio");
            assertThat(answer.at("/content/0/text").asString()).endsWith("Yes.");
            assertThat(server.log()).doesNotContain("springframework", "DEBUG");
        }
    }
}

package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import phoneopus.PhoneOpusApplication;
import phoneopus.mcp.PrecomputedResponses;
import phoneopus.stdio.StdioConnection;
import phoneopus.stdio.StdioFront;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every client has in its context: the tool list of the running server is the reviewed one,
 * and small.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToolSchemaTests {

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final String TOOLS = "tools.approved.json";
    private static final String INITIALIZE = "initialize.approved.json";

    private static final int LARGEST_LIST = 6_144;
    private static final int LARGEST_CONSULT = 1_800;
    private static final int LONGEST_INSTRUCTIONS = 1_000;

    private RunningServer server;
    private JsonNode handshake;
    private JsonNode list;

    @BeforeAll
    void listTheTools() throws IOException {
        server = new RunningServer();
        handshake = server.shakeHands();
        list = server.listTools();
    }

    @AfterAll
    void endTheServer() throws IOException {
        server.close();
    }

    @Test
    void theToolListIsTheApprovedOne() throws IOException {
        assertApproved(TOOLS, list);
    }

    @Test
    void theHandshakeIsTheApprovedOne() throws IOException {
        var approvable = (ObjectNode) handshake.deepCopy();
        approvable.put("protocolVersion", "@protocolVersion@");
        ((ObjectNode) approvable.path("serverInfo")).put("version", "@version@");

        assertApproved(INITIALIZE, approvable);
    }

    @Test
    void theToolListIsSmall() {
        var bytes = list.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(bytes).hasSizeLessThanOrEqualTo(LARGEST_LIST);
    }

    @Test
    void consultIsSmall() {
        var bytes = consult(list).toString().getBytes(StandardCharsets.UTF_8);

        assertThat(bytes).hasSizeLessThanOrEqualTo(LARGEST_CONSULT);
    }

    @Test
    void theInstructionsAreShort() {
        var instructions = handshake.path("instructions").asString();

        assertThat(instructions)
                .contains("`consult`", "`consult_wait`", "Do not resubmit", "session_id")
                .hasSizeLessThanOrEqualTo(LONGEST_INSTRUCTIONS);
    }

    @Test
    void everyToolHasATitleAndADescriptionAndDeclaresNoOutput() {
        assertThat(tools())
                .isNotEmpty()
                .allSatisfy(tool -> {
                    assertThat(tool.path("title").asString("")).isNotBlank();
                    assertThat(tool.path("description").asString("")).isNotBlank();
                    assertThat(tool.has("outputSchema")).isFalse();
                });
    }

    @Test
    void everyInputIsClosedInSnakeCaseAndDescribed() {
        assertThat(tools())
                .allSatisfy(tool -> {
                    var schema = tool.path("inputSchema");
                    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
                    assertThat(schema.path("properties").propertyNames())
                            .allMatch(name -> name.matches("[a-z]+(_[a-z]+)*"));
                    assertThat(schema.path("properties").values())
                            .allSatisfy(property ->
                                    assertThat(property.path("description").asString(""))
                                            .isNotBlank());
                });
    }

    @Test
    void everyToolTakesRenderAndDetail() {
        assertThat(tools())
                .allSatisfy(tool -> {
                    var properties = tool.at("/inputSchema/properties");
                    assertThat(properties.at("/render/enum").toString())
                            .isEqualTo("[\"porcelain\",\"json\"]");
                    assertThat(properties.at("/detail/enum").toString())
                            .isEqualTo("[\"concise\",\"full\"]");
                });
    }

    @Test
    void consultIsReadOnlyAndOpenToTheWorld() {
        var hints = consult(list).path("annotations");

        assertThat(hints.path("readOnlyHint").asBoolean(false)).isTrue();
        assertThat(hints.path("openWorldHint").asBoolean(false)).isTrue();
    }

    @Test
    void theToolsAreThoseOfTheContract() {
        assertThat(tools().map(tool -> tool.path("name").asString()))
                .containsExactlyInAnyOrder(
                        "consult",
                        "consult_job",
                        "consult_jobs",
                        "consult_wait",
                        "consult_cancel",
                        "health_snapshot",
                        "telemetry_snapshot");
    }

    @ParameterizedTest
    @CsvSource({
        "consult_job, true, false",
        "consult_jobs, true, false",
        "consult_wait, true, false",
        "consult_cancel, false, true",
        "health_snapshot, true, false",
        "telemetry_snapshot, true, false"
    })
    void whatOnlyConcernsTheServerIsIdempotentAndClosedToTheWorld(
            String name, boolean readOnly, boolean destructive) {
        var hints = named(name).path("annotations");

        assertThat(hints.path("readOnlyHint").asBoolean(!readOnly)).isEqualTo(readOnly);
        assertThat(hints.path("destructiveHint").asBoolean(!destructive)).isEqualTo(destructive);
        assertThat(hints.path("idempotentHint").asBoolean(false)).isTrue();
        assertThat(hints.path("openWorldHint").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "consult, prompt, prompt cwd max_turns session_id background model effort fresh render detail",
        "consult_job, job_id, job_id offset render detail",
        "consult_jobs, '', limit status mode cwd render detail",
        "consult_wait, job_id, job_id timeout_s render detail",
        "consult_cancel, job_id, job_id render detail",
        "health_snapshot, '', render detail",
        "telemetry_snapshot, '', render detail"
    })
    void everyToolTakesTheArgumentsOfTheContract(String name, String required, String all) {
        var schema = named(name).path("inputSchema");

        assertThat(schema.path("properties").propertyNames()).containsExactly(all.split(" "));
        assertThat(schema.path("required").valueStream().map(JsonNode::asString))
                .containsExactly(required.isEmpty() ? new String[0] : required.split(" "));
    }

    @Test
    void theModelsAreThoseOfTheSettings() throws IOException {
        JsonNode tool;
        try (var own = new RunningServer("--phone-opus.claude.models=opus,claude-opus-4-8")) {
            own.shakeHands();
            tool = consult(own.listTools());
        }

        assertThat(consult(list).at("/inputSchema/properties/model/enum").toString())
                .isEqualTo("[\"opus\",\"sonnet\",\"haiku\",\"fable\"]");
        assertThat(tool.at("/inputSchema/properties/model/enum").toString())
                .isEqualTo("[\"opus\",\"claude-opus-4-8\"]");
    }

    /**
     * Gemini refuses a whole request for one bad schema. It takes a subset of OpenAPI 3.0: one
     * type, no union, only strings in an enum, and no format of a string but {@code enum} and
     * {@code date-time} (google-gemini/gemini-cli#2237, ai.google.dev/api/caching#Schema). Its
     * clients remove {@code additionalProperties} of an object (google-gemini/gemini-cli#400),
     * which OpenAI needs.
     */
    @Test
    void geminiTakesEverySchema() {
        assertThat(schemas())
                .allSatisfy(schema -> {
                    assertThat(schema.path("type").isString()).isTrue();
                    assertThat(schema.path("format").asString("date-time"))
                            .isIn("enum", "date-time");
                    assertThat(schema.propertyNames())
                            .isSubsetOf(
                                    "type",
                                    "format",
                                    "description",
                                    "enum",
                                    "pattern",
                                    "minimum",
                                    "maximum",
                                    "properties",
                                    "required",
                                    "additionalProperties");
                    assertThat(schema.path("enum").values())
                            .allMatch(word -> word.isString() && !word.stringValue().isEmpty());
                    assertThat(schema.has("enum"))
                            .isIn(false, schema.path("type").asString().equals("string"));
                });
    }

    /**
     * A client that sends tools in OpenAI's strict mode makes every argument required and the
     * optional ones nullable (null is the same as absent here); the rest has to be right already:
     * an object at the top that is closed, without the keywords that strict mode refuses
     * (platform.openai.com/docs/guides/structured-outputs#supported-schemas).
     */
    @Test
    void openAisStrictModeTakesEverySchemaOnceEveryArgumentIsRequired() {
        assertThat(tools())
                .allSatisfy(tool -> {
                    var schema = tool.path("inputSchema");
                    assertThat(schema.path("type").asString()).isEqualTo("object");
                    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
                    assertThat(schema.path("properties").propertyNames())
                            .containsAll(
                                    schema.path("required")
                                            .valueStream()
                                            .map(JsonNode::asString)
                                            .toList());
                });
        assertThat(schemas())
                .noneMatch(schema ->
                        Stream.of(
                                        "allOf",
                                        "not",
                                        "dependentRequired",
                                        "if",
                                        "default",
                                        "$ref",
                                        "minLength")
                                .anyMatch(schema::has));
    }

    /**
     * Cursor drops a tool whose name together with the server's is longer than 60 characters
     * (sparfenyuk/mcp-proxy#45, awslabs/mcp#1283). Others put both into one name of at most 64 of
     * these characters (microsoft/vscode#243602).
     */
    @Test
    void everyNameFitsIntoEveryClient() {
        var server = handshake.at("/serverInfo/name").asString();

        assertThat(tools().map(tool -> tool.path("name").asString()))
                .allSatisfy(name -> {
                    assertThat(server + "__" + name).hasSizeLessThanOrEqualTo(60);
                    assertThat(server + name).matches("[A-Za-z0-9_-]+");
                });
    }

    @Test
    void boundsAndChoicesAreInTheSchema() {
        assertThat(named("consult_wait").at("/inputSchema/properties/timeout_s").toString())
                .contains("\"minimum\":0", "\"maximum\":600");
        assertThat(named("consult_job").at("/inputSchema/properties/offset").toString())
                .contains("\"minimum\":0");
        assertThat(named("consult_jobs").at("/inputSchema/properties/status/enum").toString())
                .isEqualTo("[\"queued\",\"running\",\"succeeded\",\"failed\",\"cancelled\"]");
        assertThat(named("consult_jobs").at("/inputSchema/properties/mode/enum").toString())
                .isEqualTo("[\"background\",\"sync\",\"all\"]");
        assertThat(named("consult_jobs").at("/inputSchema/properties/limit").toString())
                .contains("\"minimum\":1,\"maximum\":50");
    }

    @Test
    void nothingWatchesOverOrGuardsAServerThatHasNoPages() {
        assertThat(server.context.getBeanDefinitionNames())
                .noneMatch(name ->
                        name.matches(
                                ".*(actuate|[Ee]ndpoint|JvmMetrics|rometheus|[Ss]ecurity|callerKeys|keyConfiguration).*"));
    }

    @Test
    void consultIsNotReadOnlyWhereClaudeMayEdit() throws IOException {
        JsonNode tool;
        try (var editing = new RunningServer("--phone-opus.claude.tools=Read,Edit")) {
            editing.shakeHands();
            tool = consult(editing.listTools());
        }

        assertThat(tool.at("/annotations/readOnlyHint").asBoolean(true)).isFalse();
        assertThat(tool.at("/annotations/destructiveHint").asBoolean(false)).isTrue();
        assertThat(tool.path("inputSchema")).isEqualTo(consult(list).path("inputSchema"));
        assertThat(tool.path("description").asString())
                .contains(" there, and edits what it is told to. Takes ");
    }

    private static void assertApproved(String name, JsonNode answer) throws IOException {
        var approved = RESOURCES.resolve(name);
        var actual = Path.of("target", name.replace("approved", "actual"));
        var text =
                JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsString(answer)
                        + "\n";

        var known = Files.exists(approved) ? Files.readString(approved) : "";

        if (!text.equals(known)) {
            Files.writeString(actual, text);
        }
        assertThat(text)
                .as("what clients see has changed; to approve it: cp %s %s", actual, approved)
                .isEqualTo(known);
    }

    /** Those of the tools and those of their arguments. */
    private Stream<JsonNode> schemas() {
        return tools().map(tool -> tool.path("inputSchema"))
                .flatMap(schema ->
                        Stream.concat(Stream.of(schema), schema.path("properties").valueStream()));
    }

    private Stream<JsonNode> tools() {
        return list.path("tools").valueStream();
    }

    private JsonNode named(String name) {
        return named(list, name);
    }

    private static JsonNode consult(JsonNode list) {
        return named(list, "consult");
    }

    private static JsonNode named(JsonNode list, String name) {
        return list.path("tools")
                .valueStream()
                .filter(tool -> tool.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** In this JVM, with nothing of the machine's environment, on streams of its own. */
    private static final class RunningServer implements AutoCloseable {

        private final PipedOutputStream input = new PipedOutputStream();
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ConfigurableApplicationContext context;

        RunningServer(String... settings) throws IOException {
            var front =
                    StdioFront.open(
                            new StdioConnection(
                                    new PipedInputStream(input, 65_536), output, () -> {}),
                            PrecomputedResponses.EMPTY);
            context =
                    new SpringApplicationBuilder(PhoneOpusApplication.class)
                            .environment(new NothingOfTheMachine())
                            .profiles("stdio")
                            .properties("spring.config.location=classpath:/")
                            .initializers(starting ->
                                    starting.getBeanFactory()
                                            .registerSingleton("stdioFront", front))
                            .run(settings);
        }

        JsonNode shakeHands() throws IOException {
            var answer =
                    ask(
                            1,
                            """
                            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
                            "capabilities":{},"clientInfo":{"name":"schema-tests","version":"1"}}}
                            """);
            send(
                    """
                    {"jsonrpc":"2.0","method":"notifications/initialized"}
                    """);
            return answer;
        }

        JsonNode listTools() throws IOException {
            return ask(
                    2,
                    """
                    {"jsonrpc":"2.0","id":2,"method":"tools/list"}
                    """);
        }

        private JsonNode ask(int id, String line) throws IOException {
            send(line);
            return await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    output.toString(StandardCharsets.UTF_8)
                                            .lines()
                                            .map(JsonMapper.shared()::readTree)
                                            .filter(answer -> answer.path("id").asInt() == id)
                                            .findFirst(),
                            answer -> answer.isPresent())
                    .orElseThrow()
                    .path("result");
        }

        private void send(String line) throws IOException {
            input.write(line.getBytes(StandardCharsets.UTF_8));
            input.flush();
        }

        @Override
        public void close() throws IOException {
            input.close();
            context.close();
        }
    }

    private static final class NothingOfTheMachine extends StandardEnvironment {

        @Override
        protected void customizePropertySources(MutablePropertySources sources) {}
    }
}

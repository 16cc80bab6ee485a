package conformance;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.AudioContent;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tools that the official suite calls, beside our own. Outside of our packages, so that no
 * other test finds them; public, since a loader of its own brings them to the jar.
 */
@Configuration(proxyBeanMethods = false)
public class Fixtures {

    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final String WAV =
            "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    private static final String NO_ARGUMENTS = "{\"type\":\"object\"}";
    private static final String TEXT_ARGUMENT =
            "{\"type\":\"object\",\"properties\":{\"%1$s\":{\"type\":\"string\"}},\"required\":[\"%1$s\"]}";

    @Bean
    List<SyncToolSpecification> fixtureTools() {
        return List.of(
                returning("test_simple_text", text("A simple text.")),
                returning("test_image_content", image()),
                returning("test_audio_content", AudioContent.builder(WAV, "audio/wav").build()),
                returning("test_embedded_resource", resource("test://embedded-resource")),
                returning(
                        "test_multiple_content_types",
                        text("Several:"),
                        image(),
                        resource("test://mixed-content-resource")),
                tool(
                        "test_error_handling",
                        NO_ARGUMENTS,
                        (_, _) ->
                                CallToolResult.builder()
                                        .addTextContent("It fails, as it should.")
                                        .isError(true)
                                        .build()),
                tool("test_tool_with_logging", NO_ARGUMENTS, Fixtures::log),
                tool("test_tool_with_progress", NO_ARGUMENTS, Fixtures::progress),
                tool("test_sampling", TEXT_ARGUMENT.formatted("prompt"), Fixtures::sample),
                tool(
                        "test_elicitation",
                        TEXT_ARGUMENT.formatted("message"),
                        (exchange, request) ->
                                elicit(
                                        exchange,
                                        request.arguments().get("message").toString(),
                                        """
                                        {"type":"object","properties":{
                                          "username":{"type":"string"},"email":{"type":"string"}},
                                         "required":["username","email"]}
                                        """)),
                tool(
                        "test_elicitation_sep1034_defaults",
                        NO_ARGUMENTS,
                        (exchange, _) ->
                                elicit(
                                        exchange,
                                        "With defaults",
                                        """
                                        {"type":"object","properties":{
                                          "name":{"type":"string","default":"John Doe"},
                                          "age":{"type":"integer","default":30},
                                          "score":{"type":"number","default":95.5},
                                          "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},
                                          "verified":{"type":"boolean","default":true}}}
                                        """)),
                tool(
                        "test_elicitation_sep1330_enums",
                        NO_ARGUMENTS,
                        (exchange, _) ->
                                elicit(
                                        exchange,
                                        "With choices",
                                        """
                                        {"type":"object","properties":{
                                          "untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
                                          "titledSingle":{"type":"string","oneOf":[
                                            {"const":"value1","title":"One"},{"const":"value2","title":"Two"}]},
                                          "legacyEnum":{"type":"string","enum":["opt1","opt2"],"enumNames":["One","Two"]},
                                          "untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2"]}},
                                          "titledMulti":{"type":"array","items":{"anyOf":[
                                            {"const":"value1","title":"One"},{"const":"value2","title":"Two"}]}}}}
                                        """)),
                tool(
                        "json_schema_2020_12_tool",
                        """
                        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
                         "$defs":{"address":{"type":"object","properties":{
                           "street":{"type":"string"},"city":{"type":"string"}}}},
                         "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"}},
                         "additionalProperties":false}
                        """,
                        (_, _) -> result("Taken.")));
    }

    private static CallToolResult log(McpSyncServerExchange exchange, CallToolRequest request) {
        Stream.of("started", "at work", "done")
                .forEach(text ->
                        exchange.loggingNotification(
                                LoggingMessageNotification.builder(LoggingLevel.INFO, text)
                                        .build()));
        return result("Logged.");
    }

    private static CallToolResult progress(
            McpSyncServerExchange exchange, CallToolRequest request) {
        DoubleStream.of(0, 50, 100)
                .forEach(done ->
                        exchange.progressNotification(
                                ProgressNotification.builder(request.progressToken(), done)
                                        .total(100.0)
                                        .build()));
        return result("Done.");
    }

    private static CallToolResult sample(McpSyncServerExchange exchange, CallToolRequest request) {
        var prompt = text(request.arguments().get("prompt").toString());
        var answer =
                exchange.createMessage(
                        CreateMessageRequest.builder(
                                        List.of(SamplingMessage.builder(Role.USER, prompt).build()),
                                        100)
                                .build());
        return result("The model said " + answer.content());
    }

    private static CallToolResult elicit(
            McpSyncServerExchange exchange, String message, String schema) {
        var answer =
                exchange.createElicitation(ElicitFormRequest.builder(message, map(schema)).build());
        return result("The user said " + answer.action() + " " + answer.content());
    }

    private static SyncToolSpecification returning(String name, Content... content) {
        return tool(
                name,
                NO_ARGUMENTS,
                (_, _) -> CallToolResult.builder().content(List.of(content)).build());
    }

    private static SyncToolSpecification tool(
            String name,
            String schema,
            BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
        return new SyncToolSpecification(
                Tool.builder(name, map(schema)).description("A fixture.").build(), handler);
    }

    private static CallToolResult result(String text) {
        return CallToolResult.builder().addTextContent(text).build();
    }

    private static TextContent text(String text) {
        return TextContent.builder(text).build();
    }

    private static ImageContent image() {
        return ImageContent.builder(PNG, "image/png").build();
    }

    private static EmbeddedResource resource(String uri) {
        return EmbeddedResource.builder(
                        TextResourceContents.builder(uri, "A resource.")
                                .mimeType("text/plain")
                                .build())
                .build();
    }

    private static Map<String, Object> map(String json) {
        return JsonMapper.shared().readValue(json, new TypeReference<>() {});
    }
}

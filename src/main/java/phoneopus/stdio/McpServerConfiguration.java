package phoneopus.stdio;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import org.springframework.ai.mcp.customizer.McpSyncServerCustomizer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.json.JsonMapper;

/** Plugs our parts into the library's server. */
@Configuration(proxyBeanMethods = false)
class McpServerConfiguration {
    @Bean
    @ConditionalOnProperty("spring.ai.mcp.server.stdio")
    StdioTransportProvider stdioTransport(
            @Qualifier("mcpServerJsonMapper") JsonMapper json, StdioFront front) {
        return new StdioTransportProvider(new JacksonMcpJsonMapper(json), front);
    }

    /**
     * Disables the library's validation and thread switch. Our contracts check the arguments with
     * better messages, no tool declares its output, and every call already has its own thread.
     */
    @Bean
    @Primary
    McpSyncServerCustomizer toolsAreCalledAsTheyAre() {
        return server ->
                server.validateToolInputs(false)
                        .jsonSchemaValidator(
                                (schema, content) -> ValidationResponse.asValid(content.toString()))
                        .immediateExecution(true);
    }
}

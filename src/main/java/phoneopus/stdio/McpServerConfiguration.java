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

/** Our parts in the library's server. */
@Configuration(proxyBeanMethods = false)
class McpServerConfiguration {
    @Bean
    @ConditionalOnProperty("spring.ai.mcp.server.stdio")
    StdioTransportProvider stdioTransport(
            @Qualifier("mcpServerJsonMapper") JsonMapper json, StdioFront front) {
        return new StdioTransportProvider(new JacksonMcpJsonMapper(json), front);
    }

    /**
     * Our contracts read the arguments, and say in our words what is wrong with them; no tool
     * declares its output. So there is nothing to validate. Every call of a tool has a thread of
     * its own already.
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

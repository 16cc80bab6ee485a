package phoneopus.http;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import java.net.InetAddress;
import java.util.List;
import org.springframework.ai.mcp.customizer.McpSyncServerCustomizer;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import phoneopus.mcp.MemoryBudget;
import tools.jackson.databind.json.JsonMapper;

/** The library's server over HTTP, one for each of the two transports. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class HttpConfiguration {
    @Bean
    WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> addressAndPort(
            HttpProperties properties) {
        return server -> {
            server.setAddress(InetAddress.ofLiteral(properties.address()));
            server.setPort(properties.port());
        };
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> tomcatErrors() {
        return server ->
                server.addContextCustomizers(
                        context -> context.getParent().getPipeline().addValve(new TomcatErrors()));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> guardedHttp() {
        return server -> server.setProtocol(GuardedHttp.class.getName());
    }

    @Bean
    McpJsonMapper mcpJson(@Qualifier("mcpServerJsonMapper") JsonMapper json) {
        return new JacksonMcpJsonMapper(json);
    }

    @Bean
    MemoryBudget burden() {
        return MemoryBudget.ofThisProcess();
    }

    /** The transport for the library's auto-configured server. */
    @Bean
    @Primary
    StreamableTransportProvider streamableTransport(
            McpJsonMapper json,
            ClientSessions sessions,
            EventStreams streams,
            MemoryBudget memory) {
        return new StreamableTransportProvider(json, sessions, streams, memory);
    }

    @Bean
    McpSyncServer sseServer(
            SseEndpoint transport,
            McpSyncServer mcpSyncServer,
            McpServerProperties properties,
            ObjectProvider<List<SyncToolSpecification>> tools,
            McpSyncServerCustomizer customizer) {
        var server =
                McpServer.sync(transport)
                        .serverInfo(mcpSyncServer.getServerInfo())
                        .capabilities(mcpSyncServer.getServerCapabilities())
                        .instructions(properties.getInstructions())
                        .requestTimeout(properties.getRequestTimeout())
                        .tools(tools.stream().flatMap(List::stream).toList());
        customizer.customize(server);
        return server.build();
    }
}

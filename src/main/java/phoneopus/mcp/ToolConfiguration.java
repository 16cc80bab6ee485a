package phoneopus.mcp;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import org.springframework.ai.mcp.annotation.method.tool.SyncMcpToolMethodCallback;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts every annotated tool under its {@link ToolContract} and counts its calls, so that tool beans
 * stay plain annotated methods. The library would look through every bean for tools and make
 * schemas that the contracts replace, at every start.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.ai.mcp.server.enabled", matchIfMissing = true)
class ToolConfiguration {
    private final List<ToolAdjustment> adjustments;
    private final ToolRefusal refusal;
    private final ToolMetrics metrics;

    ToolConfiguration(List<ToolAdjustment> adjustments, ToolRefusal refusal, ToolMetrics metrics) {
        this.adjustments = adjustments;
        this.refusal = refusal;
        this.metrics = metrics;
    }

    @Bean
    List<SyncToolSpecification> toolSpecs(List<ToolBean> beans) {
        return beans.stream()
                .flatMap(bean ->
                        Stream.of(bean.getClass().getDeclaredMethods())
                                .filter(method -> method.isAnnotationPresent(McpTool.class))
                                .map(method -> contracted(bean, method)))
                // Java gives methods in any order; a list that changes is new to a client's cache.
                .sorted(Comparator.comparing(tool -> tool.tool().name()))
                .toList();
    }

    private SyncToolSpecification contracted(ToolBean bean, Method method) {
        ToolContract contract = new ToolContract(method);
        Tool tool = contract.tool();
        for (ToolAdjustment adjustment : adjustments) {
            tool = adjustment.apply(tool);
        }
        var annotated = new SyncMcpToolMethodCallback(ReturnMode.TEXT, method, bean);
        return new SyncToolSpecification(
                tool,
                (exchange, request) -> {
                    Caller caller = new Caller(Caller.principal(exchange.transportContext()));
                    return RequestLog.naming(
                            RequestContext.of(exchange.transportContext()).request(),
                            exchange.sessionId(),
                            () ->
                                    metrics.counted(
                                            contract.tool().name(),
                                            caller,
                                            () -> called(annotated, contract, exchange, request)));
                });
    }

    private CallToolResult called(
            BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> annotated,
            ToolContract contract,
            McpSyncServerExchange exchange,
            CallToolRequest request) {
        try {
            Map<String, Object> arguments = contract.read(request.arguments());
            return annotated.apply(
                    exchange, new CallToolRequest(request.name(), arguments, request.meta()));
        } catch (InvalidArgumentException problem) {
            return refusal.refuse(exchange, request, problem);
        }
    }
}

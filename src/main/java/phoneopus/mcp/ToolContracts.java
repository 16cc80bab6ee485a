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
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration.ServerMcpAnnotatedBeans;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Puts every annotated tool under its {@link ToolContract} and counts its calls, so that tool beans
 * stay plain annotated methods.
 */
@Component
final class ToolContracts implements BeanPostProcessor {
    /** The library's bean that holds the tools it found. */
    private static final String FOUND_TOOLS = "toolSpecs";

    private final ObjectProvider<ServerMcpAnnotatedBeans> annotated;
    private final ObjectProvider<ToolRefusal> refusal;
    private final ObjectProvider<ToolAdjustment> adjustments;
    private final ObjectProvider<ToolMetrics> metrics;

    ToolContracts(
            ObjectProvider<ServerMcpAnnotatedBeans> annotated,
            ObjectProvider<ToolRefusal> refusal,
            ObjectProvider<ToolAdjustment> adjustments,
            ObjectProvider<ToolMetrics> metrics) {
        this.annotated = annotated;
        this.refusal = refusal;
        this.adjustments = adjustments;
        this.metrics = metrics;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!name.equals(FOUND_TOOLS) || !(bean instanceof List<?> found)) {
            return bean;
        }
        Map<String, Method> methods =
                annotated.getObject().getBeansByAnnotation(McpTool.class).stream()
                        .flatMap(toolBean -> Stream.of(toolBean.getClass().getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(McpTool.class))
                        .collect(
                                Collectors.toMap(
                                        method -> method.getAnnotation(McpTool.class).name(),
                                        method -> method));
        return found.stream()
                .map(SyncToolSpecification.class::cast)
                // Java gives methods in any order; a list that changes is new to a client's cache.
                .sorted(Comparator.comparing(tool -> tool.tool().name()))
                .map(tool ->
                        contracted(tool, Objects.requireNonNull(methods.get(tool.tool().name()))))
                .toList();
    }

    private SyncToolSpecification contracted(SyncToolSpecification found, Method method) {
        ToolContract contract = new ToolContract(found.tool(), method);
        Tool tool = contract.tool();
        for (ToolAdjustment adjustment : adjustments) {
            tool = adjustment.apply(tool);
        }
        return new SyncToolSpecification(
                tool,
                (exchange, request) -> {
                    Caller caller = new Caller(Caller.principal(exchange.transportContext()));
                    return RequestLog.naming(
                            Delivery.of(exchange.transportContext()).request(),
                            exchange.sessionId(),
                            () ->
                                    metrics.getObject()
                                            .counted(
                                                    found.tool().name(),
                                                    caller,
                                                    () ->
                                                            called(
                                                                    found, contract, exchange,
                                                                    request)));
                });
    }

    private CallToolResult called(
            SyncToolSpecification found,
            ToolContract contract,
            McpSyncServerExchange exchange,
            CallToolRequest request) {
        try {
            Map<String, Object> arguments = contract.read(request.arguments());
            return found.callHandler()
                    .apply(
                            exchange,
                            new CallToolRequest(request.name(), arguments, request.meta()));
        } catch (InvalidArgumentException problem) {
            return refusal.getObject().refuse(exchange, request, problem);
        }
    }
}

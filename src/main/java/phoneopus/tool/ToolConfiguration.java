package phoneopus.tool;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.ai.mcp.annotation.method.tool.AbstractMcpToolMethodCallback;
import org.springframework.ai.mcp.annotation.method.tool.ReturnMode;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import phoneopus.claude.ClaudeProperties;
import phoneopus.mcp.Argument.Hint;
import phoneopus.mcp.RequestContext;
import phoneopus.mcp.RequestLog;
import phoneopus.mcp.ToolContract;
import phoneopus.time.Stopwatch;
import phoneopus.tool.Call.View;
import phoneopus.tool.Call.View.Detail;
import phoneopus.tool.Call.View.Render;

/**
 * Registers every annotated tool with its {@link ToolContract}: a tool is a method that takes a
 * {@link Call} with its arguments and returns a {@link Reply}. The library would search every bean
 * for tools at each start and generate schemas that the contracts replace.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.ai.mcp.server.enabled", matchIfMissing = true)
class ToolConfiguration {
    /**
     * A larger limit for Claude Code, which by default writes results of more than 50,000
     * characters to a file that the model may be unable to open. It fits an answer cut at {@code
     * consult.max-response-chars} as JSON with all its fields. Longer results, in json and full,
     * are better kept in a file.
     */
    private static final Map<String, Object> ROOM = Map.of("anthropic/maxResultSizeChars", 120_000);

    /** What models get wrong about our arguments. */
    private static Map<String, Hint> hints(List<String> models) {
        return Map.of(
                "prompt",
                Hint.of(
                        "for example \"prompt\": \"Review my plan: …\"",
                        "question query message text input task content instructions"),
                "cwd",
                Hint.of(
                        "for example \"cwd\": \"/home/me/project\"",
                        "directory dir path folder root workdir workingdir workingdirectory repo repository repopath projectpath workspace"),
                "max_turns",
                Hint.of("", "turns maxsteps maxiterations"),
                "session_id",
                Hint.of(
                        "leave session_id out for a new session",
                        "session resume resumesessionid claudesessionid conversationid"),
                "background",
                Hint.of("", "async runinbackground"),
                "model",
                Hint.of("for example \"model\": \"opus\"", "modelname").allowing(models),
                "effort",
                Hint.of("", "reasoningeffort thinking"),
                "job_id",
                Hint.of("copy it from an answer, or call consult_jobs", "job id uuid"),
                "timeout_s",
                Hint.of("", "timeout timeoutms timeoutseconds seconds"),
                "limit",
                Hint.of("", "max count maxresults"));
    }

    @Bean
    static List<SyncToolSpecification> toolSpecs(
            ConsultTool consult,
            JobTools jobs,
            SnapshotTools snapshots,
            ClaudeProperties claude,
            ToolMetrics metrics) {
        return Stream.of(consult, jobs, snapshots)
                .flatMap(bean ->
                        Stream.of(bean.getClass().getDeclaredMethods())
                                .filter(method -> method.isAnnotationPresent(McpTool.class))
                                .map(method ->
                                        new AnnotatedTool(method, bean, metrics, claude.models())))
                // Java returns methods in any order, and a list in another order invalidates a
                // client's cache.
                .sorted(Comparator.comparing(AnnotatedTool::name))
                .map(tool ->
                        new SyncToolSpecification(
                                described(tool.contract.tool(), claude.readOnly()), tool::called))
                .toList();
    }

    /**
     * Adds to the tool what its contract does not know.
     *
     * @param readOnly whether the settings give Claude no tool that edits
     */
    static Tool described(Tool tool, boolean readOnly) {
        boolean editing = tool.name().equals("consult") && !readOnly;
        return Tool.builder(tool.name(), tool.inputSchema())
                .title(tool.title())
                .description(editing ? ConsultTool.EDITING : tool.description())
                .annotations(
                        editing
                                ? ToolAnnotations.builder()
                                        .readOnlyHint(false)
                                        .destructiveHint(true)
                                        .idempotentHint(false)
                                        .openWorldHint(true)
                                        .build()
                                : tool.annotations())
                // The tools of consults all return answers.
                .meta(tool.name().startsWith("consult") ? ROOM : null)
                .build();
    }

    /**
     * Calls a tool's method for a client: counts the call and turns every exception into a fault.
     */
    static final class AnnotatedTool
            extends AbstractMcpToolMethodCallback<Call, McpSyncRequestContext> {
        private final ToolContract contract;
        private final ToolMetrics metrics;

        AnnotatedTool(Method method, Object bean, ToolMetrics metrics, List<String> models) {
            super(ReturnMode.TEXT, method, bean);
            McpTool named = Objects.requireNonNull(method.getAnnotation(McpTool.class));
            this.contract = new ToolContract(method, View.arguments(named.name()), hints(models));
            this.metrics = metrics;
        }

        String name() {
            return contract.tool().name();
        }

        CallToolResult called(McpSyncServerExchange exchange, CallToolRequest request) {
            Call call = new Call(exchange, request, View.of(request.arguments()));
            return RequestLog.naming(
                    RequestContext.of(exchange.transportContext()).request(),
                    exchange.sessionId(),
                    () -> {
                        Stopwatch watch = new Stopwatch();
                        Reply reply = reply(call);
                        metrics.count(name(), call.principal(), watch.elapsed(), reply.fault());
                        return reply.result(call.client());
                    });
        }

        private Reply reply(Call received) {
            try {
                ToolContract.Arguments read = contract.read(received.request().arguments());
                View view =
                        View.of(
                                (Render) read.values().get("render"),
                                (Detail) read.values().get("detail"));
                Call call = new Call(received.exchange(), received.request(), view);
                return reply(call, read.values()).ignoring(read.ignored());
            } catch (RuntimeException e) {
                return Reply.of(received.view(), name(), Faults.of(e));
            }
        }

        private Reply reply(Call call, Map<String, Object> arguments) {
            try {
                return (Reply) callMethod(buildMethodArguments(call, arguments, call.request()));
            } catch (UndeclaredThrowableException e) {
                // This is the only checked exception a tool throws.
                Thread.currentThread().interrupt();
                return Reply.of(call.view(), name(), Faults.of(e.getUndeclaredThrowable()));
            } catch (RuntimeException | Error e) {
                return Reply.of(call.view(), name(), Faults.of(e));
            }
        }

        @Override
        protected boolean isExchangeOrContextType(Class<?> type) {
            return type == Call.class;
        }

        @Override
        protected McpSyncRequestContext createRequestContext(Call call, CallToolRequest request) {
            throw new UnsupportedOperationException("a tool takes a Call");
        }

        @Override
        protected McpTransportContext resolveTransportContext(Call call) {
            return call.exchange().transportContext();
        }
    }
}

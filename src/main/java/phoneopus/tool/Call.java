package phoneopus.tool;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import phoneopus.mcp.Argument;
import phoneopus.mcp.Caller;
import phoneopus.mcp.GivenValue;
import phoneopus.mcp.RequestContext;

/** A call of a tool and the requested form of its reply. */
record Call(McpSyncServerExchange exchange, CallToolRequest request, View view) {

    /** The caller; null over stdio and for unauthenticated requests. */
    @Nullable String principal() {
        return Caller.principal(exchange.transportContext());
    }

    /** The client's name from the handshake; null if it gives none. */
    @Nullable String client() {
        Implementation client = exchange.getClientInfo();
        return client == null ? null : client.name();
    }

    RequestContext delivery() {
        return RequestContext.of(exchange.transportContext());
    }

    /** The requested form of the reply. */
    record View(Render render, Detail detail) {
        private static final String AS_IN_CONSULT = "As in consult";

        enum Render {
            /** Text for a model. */
            PORCELAIN,
            /** Structured output. */
            JSON
        }

        enum Detail {
            CONCISE,
            FULL
        }

        /**
         * The arguments that choose the view, which every tool has. Only one tool explains them,
         * since the descriptions of all tools are in every client's context.
         */
        static List<Argument> arguments(String tool) {
            boolean explains = tool.equals("consult");
            return List.of(
                    Argument.choice(
                            "render",
                            explains
                                    ? "porcelain (default): text; json: structured"
                                    : AS_IN_CONSULT,
                            Render.class),
                    Argument.choice(
                            "detail",
                            explains ? "concise (default), or full: all details" : AS_IN_CONSULT,
                            Detail.class));
        }

        static View of(@Nullable Render render, @Nullable Detail detail) {
            return new View(
                    render == null ? Render.PORCELAIN : render,
                    detail == null ? Detail.CONCISE : detail);
        }

        /** The view requested by arguments that are not yet checked. */
        static View of(@Nullable Map<String, Object> arguments) {
            Object render = arguments == null ? null : arguments.get("render");
            return of(GivenValue.means(render, "json") ? Render.JSON : null, null);
        }

        boolean json() {
            return render == Render.JSON;
        }

        boolean full() {
            return detail == Detail.FULL;
        }
    }
}

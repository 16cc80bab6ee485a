package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import org.jspecify.annotations.Nullable;

/** Who makes a request, where the transport knows. */
public final class Caller {
    /** Under which a transport's context has the name. */
    static final String PRINCIPAL = "principal";

    private Caller() {}

    /** The name of the caller; null over stdio, and where callers have no names. */
    public static @Nullable String principal(McpTransportContext context) {
        return context.get(PRINCIPAL) instanceof String name ? name : null;
    }
}

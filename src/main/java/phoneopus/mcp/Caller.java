package phoneopus.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a request.
 *
 * @param name null over stdio and for unauthenticated requests
 */
public record Caller(@Nullable String name) {
    public static final Caller UNNAMED = new Caller(null);

    private static final String KEY = Caller.class.getName();

    /** The name of the caller whose request has this context; null if the caller has none. */
    public static @Nullable String principal(McpTransportContext context) {
        return context.get(KEY) instanceof Caller caller ? caller.name() : null;
    }

    public static Caller of(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null ? UNNAMED : new Caller(principal.getName());
    }

    public McpTransportContext context() {
        return McpTransportContext.create(Map.of(KEY, this));
    }

    public McpTransportContext context(RequestContext delivery) {
        Map<String, Object> values = new HashMap<>();
        values.put(KEY, this);
        values.put(RequestContext.KEY, delivery);
        return McpTransportContext.create(values);
    }
}

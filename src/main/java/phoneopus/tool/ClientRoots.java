package phoneopus.tool;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Root;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory that the client works in, where it says so: its only root. */
final class ClientRoots {
    private static final Logger log = LoggerFactory.getLogger(ClientRoots.class);

    private ClientRoots() {}

    static Optional<Path> only(McpSyncServerExchange exchange) {
        ClientCapabilities capabilities = exchange.getClientCapabilities();
        if (capabilities == null || capabilities.roots() == null) {
            return Optional.empty();
        }
        try {
            List<Root> roots = exchange.listRoots().roots();
            return roots.size() == 1
                    ? Optional.of(Path.of(URI.create(roots.getFirst().uri())))
                    : Optional.empty();
        } catch (RuntimeException e) {
            log.info("the client did not say its roots: {}", e.getMessage());
            return Optional.empty();
        }
    }
}

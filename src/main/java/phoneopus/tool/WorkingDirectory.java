package phoneopus.tool;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Root;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.files.UserHome;
import phoneopus.mcp.InvalidArgumentException;

/**
 * Which directory a consult is about: canonical, there, and within the allowed roots.
 *
 * @param start the server's own directory
 * @param allowedRoots empty: anywhere
 */
public record WorkingDirectory(Path start, Path home, List<Path> allowedRoots) {

    /**
     * The directory itself.
     *
     * @param asked what the caller said; null where it said nothing
     * @param root the client's only root, null where it has none
     * @throws InvalidArgumentException where there is none that may be used
     */
    public Path resolve(@Nullable String asked, @Nullable Path root) {
        Path path = path(asked, root);
        // First of all: whoever may not go there is told neither whether it is there nor where a
        // link leads.
        if (outside(canonical(path))) {
            throw notAllowed(path);
        }
        Path real = real(path);
        if (outside(real)) {
            throw notAllowed(path);
        }
        return real;
    }

    /**
     * What jobs are looked up by, which may have outlived their directory: canonical as far as it
     * is there. Nothing is run in it, so that it need not lie inside the allowed roots.
     *
     * @throws InvalidArgumentException where it is no path
     */
    public Path named(String asked) {
        Path path = path(asked, null).toAbsolutePath();
        Path there = path;
        while (there != null) {
            try {
                return there.toRealPath().resolve(there.relativize(path)).normalize();
            } catch (IOException _) {
                there = there.getParent();
            }
        }
        return path.normalize();
    }

    private Path path(@Nullable String asked, @Nullable Path root) {
        try {
            return asked == null ? base(root) : base(asked, root);
        } catch (InvalidPathException e) {
            throw new InvalidArgumentException(
                    "cwd must be a path, got " + InvalidArgumentException.quote(e.getInput()));
        }
    }

    private boolean outside(Path path) {
        return !allowedRoots.isEmpty()
                && allowedRoots.stream().noneMatch(allowed -> path.startsWith(canonical(allowed)));
    }

    private static InvalidArgumentException notAllowed(Path path) {
        return new InvalidArgumentException(
                "cwd must be inside one of the allowed roots, got "
                        + InvalidArgumentException.quote(path));
    }

    /** Whether that depends on where the client or the server is. */
    static boolean needsBase(@Nullable String asked) {
        return asked == null
                || !(asked.startsWith("/") || asked.equals("~") || asked.startsWith("~/"));
    }

    private Path base(String asked, @Nullable Path root) {
        Path path = UserHome.expand(Path.of(asked), home);
        return path.isAbsolute() ? path : base(root).resolve(path);
    }

    /**
     * A server started by a desktop program stands in / or in the home directory, and nobody means
     * to consult about those.
     */
    private Path base(@Nullable Path root) {
        if (root != null) {
            return root;
        }
        Path here = start.toAbsolutePath().normalize();
        if (here.getParent() == null || canonical(here).equals(canonical(home))) {
            throw new InvalidArgumentException(
                    "cwd is required: give the absolute path of the repository to consult about");
        }
        return here;
    }

    /** The path itself where it is not there. */
    private static Path canonical(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }

    private static Path real(Path path) {
        try {
            Path real = path.toRealPath();
            if (Files.isDirectory(real)) {
                return real;
            }
        } catch (IOException _) {
            // Said below, in the same words as for a file.
        }
        throw new InvalidArgumentException(
                "cwd must be an existing directory, got " + InvalidArgumentException.quote(path));
    }

    /** The directory that the client works in, where it says so: its only root. */
    static final class ClientRoots {
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
                log.info("the client did not list its roots: {}", e.getMessage());
                return Optional.empty();
            }
        }
    }
}

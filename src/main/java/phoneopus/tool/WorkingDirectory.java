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
 * Finds the directory of a consult: canonical, existing and inside the allowed roots.
 *
 * @param start the server's own directory
 * @param allowedRoots empty to allow any directory
 */
public record WorkingDirectory(Path start, Path home, List<Path> allowedRoots) {

    /**
     * The directory of a consult.
     *
     * @param asked the caller's argument; null if it was omitted
     * @param root the client's only root; null if there is none
     * @throws InvalidArgumentException if there is no directory that may be used
     */
    public Path resolve(@Nullable String asked, @Nullable Path root) {
        Path path = path(asked, root);
        // Checked first, so that callers learn nothing about a directory they may not use: neither
        // whether it exists nor where a link leads.
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
     * The directory to look up jobs by, canonical as far as it exists, since jobs may outlive their
     * directory. It need not be inside the allowed roots, since nothing runs in it.
     *
     * @throws InvalidArgumentException if it is not a valid path
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

    /** Whether the path depends on the client's root or the server's directory. */
    static boolean needsBase(@Nullable String asked) {
        return asked == null
                || !(asked.startsWith("/") || asked.equals("~") || asked.startsWith("~/"));
    }

    private Path base(String asked, @Nullable Path root) {
        Path path = UserHome.expand(Path.of(asked), home);
        return path.isAbsolute() ? path : base(root).resolve(path);
    }

    /**
     * The directory that relative paths start from. A server started by a desktop program runs in /
     * or in the home directory, and nobody wants a consult about those.
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

    /** The canonical path; if it does not exist, the path itself. */
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
            // Reported below, with the same message as for a file.
        }
        throw new InvalidArgumentException(
                "cwd must be an existing directory, got " + InvalidArgumentException.quote(path));
    }

    /** The directory a client works in, if it declares one: its only root. */
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

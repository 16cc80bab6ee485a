package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeInstallation.Skipped;
import phoneopus.files.UserHome;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;

/**
 * Finds the {@code claude} command. Programs started from a desktop have a short PATH, so the
 * standard locations are searched too.
 */
public final class ClaudeBinary {
    private static final String NAME = "claude";

    private final @Nullable String configured;
    private final Map<String, String> environment;
    private final InstallLocations usual;

    ClaudeBinary(@Nullable String configured, Map<String, String> environment) {
        this.configured = configured == null || configured.isBlank() ? null : configured;
        this.environment = environment;
        this.usual = new InstallLocations(environment);
    }

    /**
     * @return the absolute path of an executable file
     * @throws ClaudeNotFoundException if there is none
     */
    Path find() {
        return places().filter(ProgramFile::runnable)
                .findFirst()
                .orElseThrow(() -> new ClaudeNotFoundException(configured, skipped()));
    }

    /** The unusable files before the one that is found; all of them if none is. */
    List<Skipped> skipped() {
        List<Skipped> skipped = new ArrayList<>();
        for (Path file : places().distinct().toList()) {
            if (ProgramFile.runnable(file)) {
                return skipped;
            }
            ProgramFile.flaw(file).ifPresent(flaw -> skipped.add(new Skipped(file, flaw)));
        }
        return skipped;
    }

    /**
     * The current path of a command stored in a request: an updater puts the new file into another
     * folder and removes the old one. Only the same name is searched, since a stand-in must never
     * become the real command, which costs money.
     *
     * @return the stored path if it is executable or there is no other
     */
    Path stillThere(Path frozen) {
        if (ProgramFile.runnable(frozen)) {
            return frozen;
        }
        Path name = frozen.getFileName();
        if (name == null) {
            return frozen;
        }
        Stream<Path> sameName =
                Stream.concat(
                        places().filter(place -> name.equals(place.getFileName())),
                        Stream.concat(onPath(name), inUsualPlaces(name)));
        return sameName.filter(ProgramFile::runnable).findFirst().orElse(frozen);
    }

    /**
     * Folders that a binary needs on its PATH in addition: its own and, for a {@code node} script
     * without {@code node} on the PATH, a folder that has it.
     */
    List<Path> companions(Path binary) {
        Set<Path> folders = new LinkedHashSet<>();
        Path own = binary.toAbsolutePath().getParent();
        if (own != null) {
            folders.add(own);
        }
        Path real = realFolder(binary);
        if (real != null && hasNode(real)) {
            folders.add(real);
        }
        boolean found =
                Stream.concat(pathEntries(), folders.stream()).anyMatch(ClaudeBinary::hasNode);
        if (!found && ProgramFile.needsNode(binary)) {
            usual.folders().filter(ClaudeBinary::hasNode).findFirst().ifPresent(folders::add);
        }
        return List.copyOf(folders);
    }

    /** The candidate files in the order of the search. */
    Stream<Path> places() {
        if (configured == null) {
            Path name = Path.of(NAME);
            return Stream.concat(onPath(name), inUsualPlaces(name));
        }
        Path file = UserHome.expand(Path.of(configured), usual.home());
        return file.getNameCount() > 1 || file.isAbsolute()
                ? Stream.of(file.toAbsolutePath())
                : onPath(file);
    }

    /** What the {@code node} on that PATH prints as its version; empty if there is none. */
    public static Optional<String> nodeVersion(Map<String, String> environment) {
        return ChildEnvironment.absoluteEntries(environment.getOrDefault("PATH", "")).stream()
                .map(entry -> Path.of(entry, "node"))
                .filter(ProgramFile::runnable)
                .findFirst()
                .flatMap(node ->
                        VersionCommand.ask(
                                node,
                                ChildEnvironment.of(environment, List.of()),
                                Duration.ofSeconds(10)));
    }

    private Stream<Path> onPath(Path name) {
        return pathEntries().map(entry -> entry.resolve(name));
    }

    private Stream<Path> inUsualPlaces(Path name) {
        return usual.folders().map(folder -> folder.resolve(name));
    }

    private Stream<Path> pathEntries() {
        return ChildEnvironment.absoluteEntries(environment.getOrDefault("PATH", "")).stream()
                .map(Path::of);
    }

    private static boolean hasNode(Path folder) {
        return Files.isExecutable(folder.resolve("node"));
    }

    private static @Nullable Path realFolder(Path binary) {
        try {
            return binary.toRealPath().getParent();
        } catch (IOException _) {
            return null;
        }
    }

    /** No {@code claude} command was found. */
    public static final class ClaudeNotFoundException extends FaultException {
        private static final long serialVersionUID = 1L;

        /**
         * @param configured null if none is, so that the usual places were searched
         * @param skipped files in the searched places that cannot be executed
         */
        ClaudeNotFoundException(
                @Nullable String configured, List<ClaudeInstallation.Skipped> skipped) {
            super(
                    FaultCode.CLAUDE_NOT_FOUND,
                    "Claude Code was not found (looked for %s%s)."
                            .formatted(
                                    configured == null
                                            ? "`claude` on the PATH and in the standard locations"
                                            : "`" + configured + "`",
                                    skipped.isEmpty() ? "" : "; skipped " + skipped.getFirst()),
                    "");
        }
    }
}

package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeInstallation.PassedOver;
import phoneopus.files.UserHome;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;

/**
 * Where the {@code claude} command is. Programs started from a desktop have a short PATH, so its
 * usual places count too.
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
     * @return a file that can be run, absolute
     * @throws ClaudeNotFoundException where there is none
     */
    Path find() {
        return places().filter(ProgramFile::runnable)
                .findFirst()
                .orElseThrow(() ->
                        new ClaudeNotFoundException(
                                configured == null ? NAME : configured,
                                environment.getOrDefault("PATH", ""),
                                passedOver()));
    }

    /** What lies before the one that is found; all of it where none is. */
    List<PassedOver> passedOver() {
        List<PassedOver> passed = new ArrayList<>();
        for (Path file : places().distinct().toList()) {
            if (ProgramFile.runnable(file)) {
                return passed;
            }
            ProgramFile.flaw(file).ifPresent(flaw -> passed.add(new PassedOver(file, flaw)));
        }
        return passed;
    }

    /**
     * The command that was frozen in a request, wherever it is by now: an updater puts a new file
     * into another folder and takes the old one away. It is looked for under the same name alone,
     * since a stand-in must never become a real one, which costs money.
     *
     * @return the frozen one where it can be run, or where there is no other
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
     * Folders that a binary needs on its PATH beside those that are there: its own, and where it is
     * a script for {@code node} that the PATH does not have, one that does.
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

    /** Files where it is looked for, in the order in which that is done. */
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

    /** There is no {@code claude} command to run. */
    public static final class ClaudeNotFoundException extends FaultException {
        private static final long serialVersionUID = 1L;

        ClaudeNotFoundException(String lookedFor, String path) {
            this(lookedFor, path, List.of());
        }

        /**
         * @param passedOver files that lie where it is looked for, and cannot be run
         */
        ClaudeNotFoundException(
                String lookedFor, String path, List<ClaudeInstallation.PassedOver> passedOver) {
            super(
                    FaultCode.CLAUDE_NOT_FOUND,
                    "Claude Code was not found (looked for `%s` on PATH=%s%s)."
                            .formatted(
                                    lookedFor,
                                    path,
                                    passedOver.isEmpty()
                                            ? ""
                                            : "; passed over " + passedOver.getFirst()),
                    "Install it with `npm install -g @anthropic-ai/claude-code`, run `claude` once to log in, or set PHONE_OPUS_CLAUDE_BINARY. Do not retry.");
        }
    }
}

package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folders where installers and version managers put commands. The user's profile adds them to a
 * shell's PATH, but a program started from a desktop does not read the profile.
 */
final class InstallLocations {
    private static final Pattern NOT_A_DIGIT = Pattern.compile("\\D+");

    private final Map<String, String> environment;
    private final Path home;

    InstallLocations(Map<String, String> environment) {
        this.environment = environment;
        this.home = Path.of(environment.getOrDefault("HOME", "/"));
    }

    Path home() {
        return home;
    }

    /** Claude's own installer first, then the user's folders, then the system's. */
    Stream<Path> folders() {
        return Stream.of(
                        Stream.of(home.resolve(".local/bin"), home.resolve(".claude/local")),
                        ofNpm(),
                        ofVersionManagers(),
                        Stream.of(
                                Path.of("/usr/local/bin"),
                                Path.of("/usr/bin"),
                                Path.of("/opt/homebrew/bin"),
                                Path.of("/home/linuxbrew/.linuxbrew/bin")))
                .flatMap(folders -> folders);
    }

    private Stream<Path> ofNpm() {
        return Stream.of(
                home.resolve(".npm-global/bin"),
                home.resolve(".npm-packages/bin"),
                at("BUN_INSTALL", ".bun").resolve("bin"),
                at("PNPM_HOME", ".local/share/pnpm"),
                at("PNPM_HOME", ".local/share/pnpm").resolve("bin"),
                home.resolve("Library/pnpm"),
                home.resolve(".yarn/bin"));
    }

    private Stream<Path> ofVersionManagers() {
        Path nvm = at("NVM_DIR", ".nvm").resolve("versions/node");
        Path fnm = at("FNM_DIR", ".local/share/fnm");
        Path mise = at("MISE_DATA_DIR", ".local/share/mise");
        Path asdf = at("ASDF_DATA_DIR", ".asdf");
        return Stream.of(
                        Stream.of(at("VOLTA_HOME", ".volta").resolve("bin"), mise.resolve("shims")),
                        newestFirst(mise.resolve("installs/npm-anthropic-ai-claude-code"), "bin"),
                        newestFirst(mise.resolve("installs/node"), "bin"),
                        // Its shims work only if asdf itself is on the PATH.
                        newestFirst(asdf.resolve("installs/nodejs"), "bin"),
                        Stream.of(asdf.resolve("shims"), home.resolve(".nodenv/shims")),
                        newestFirst(nvm, "bin"),
                        Stream.of(fnm, home.resolve(".fnm"), home.resolve(FNM_OF_MACOS))
                                .map(folder -> folder.resolve("aliases/default/bin")),
                        newestFirst(fnm.resolve("node-versions"), "installation/bin"),
                        Stream.of(at("N_PREFIX", "n").resolve("bin")))
                .flatMap(folders -> folders);
    }

    private static final String FNM_OF_MACOS = "Library/Application Support/fnm";

    private Path at(String variable, String otherwise) {
        String set = environment.getOrDefault(variable, "");
        return set.startsWith("/") ? Path.of(set) : home.resolve(otherwise);
    }

    private static Stream<Path> newestFirst(Path folder, String below) {
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.sorted(BY_VERSION.reversed()).toList().stream()
                    .map(version -> version.resolve(below));
        } catch (IOException _) {
            return Stream.empty();
        }
    }

    private static final Comparator<Path> BY_VERSION =
            Comparator.comparing(InstallLocations::numbers, InstallLocations::compare);

    private static List<Integer> numbers(Path folder) {
        @Nullable Path name = folder.getFileName();
        return NOT_A_DIGIT
                .splitAsStream(String.valueOf(name))
                .filter(digits -> !digits.isEmpty() && digits.length() < 10)
                .map(Integer::valueOf)
                .toList();
    }

    private static int compare(List<Integer> one, List<Integer> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }
}

package phoneopus.claude;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import phoneopus.run.SystemProgram;

/**
 * Settings for the adviser's git. A repository's configuration can name programs that even {@code
 * git status} or {@code git diff} would run: each gets a harmless value that takes precedence. The
 * user's global settings are kept.
 */
final class GitGuards {
    private static final Logger log = LoggerFactory.getLogger(GitGuards.class);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String FIRST_FREE = "GIT_CONFIG_COUNT";

    /** The settings for every repository. */
    private static final Map<String, String> ALWAYS =
            new TreeMap<>(
                    Map.of(
                            "core.fsmonitor", "false",
                            "core.hooksPath", "/dev/null",
                            "diff.ignoreSubmodules", "dirty",
                            "log.showSignature", "false"));

    /**
     * An external diff that does the same as git's own; its arguments are path, old file, …, new
     * file, ….
     */
    private static final String PLAIN_DIFF =
            "sh -c 'diff -u --label \"a/$1\" --label \"b/$1\" \"$2\" \"$5\"; exit 0' diff";

    private GitGuards() {}

    /**
     * The variables for a command in that directory.
     *
     * @param environment its other variables, which may include git settings of the user
     */
    static Map<String, String> of(Path cwd, Map<String, String> environment)
            throws InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>(ALWAYS);
        Map<String, String> variables = new TreeMap<>();
        try {
            if (inRepository(cwd)) {
                names(cwd, environment).forEach(name -> settings.putAll(harmless(name)));
            }
        } catch (IOException e) {
            // No git is better than one that runs the repository's programs.
            log.warn("git is disabled in {}: {}", cwd, e.getMessage());
            variables.put("GIT_DIR", "/dev/null");
        }
        int next = first(environment);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            variables.put("GIT_CONFIG_KEY_" + next, setting.getKey());
            variables.put("GIT_CONFIG_VALUE_" + next, setting.getValue());
            next++;
        }
        variables.put(FIRST_FREE, Integer.toString(next));
        return variables;
    }

    private static int first(Map<String, String> environment) {
        try {
            return Integer.parseUnsignedInt(environment.getOrDefault(FIRST_FREE, "0"));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** Checks a few files, since a process would take as long as the start of the consult. */
    private static boolean inRepository(Path cwd) {
        for (Path folder = cwd; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git")) || Files.exists(folder.resolve("HEAD"))) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> harmless(String name) {
        int dot = name.lastIndexOf('.');
        String section = name.substring(0, dot);
        return switch (name.substring(dot + 1)) {
            case "clean", "smudge", "process" -> Map.of(name, "", section + ".required", "false");
            case "textconv" -> Map.of(name, "cat");
            default -> Map.of(name, PLAIN_DIFF);
        };
    }

    /** The settings in the repository's own configuration that name programs. */
    private static Set<String> names(Path cwd, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        SystemProgram.find("git"),
                        "config",
                        "-z",
                        "--show-scope",
                        "--name-only",
                        "--get-regexp",
                        "^(filter\\..*\\.(clean|smudge|process)|diff\\..*\\.(textconv|command)|diff\\.external)$");
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(cwd.toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process git;
        try {
            git = builder.start();
        } catch (IOException _) {
            // There is no git, so the adviser has none either.
            return Set.of();
        }
        int code = exitCode(git);
        String[] words =
                new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .split("\0", -1);
        // 1: there are none. 128: not a repository that git accepts.
        if (code != 0 && code != 1 && code != 128) {
            throw new IOException("its configuration cannot be read, git exited with code " + code);
        }
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (words[i].equals("local") || words[i].equals("worktree")) {
                names.add(words[i + 1]);
            }
        }
        return names;
    }

    /**
     * The output is read later: a configuration that does not fit into the pipe cannot be guarded.
     */
    private static int exitCode(Process git) throws IOException, InterruptedException {
        if (!git.waitFor(PATIENCE)) {
            git.destroyForcibly().waitFor();
            throw new IOException("its configuration cannot be read, git does not exit");
        }
        return git.exitValue();
    }
}

package phoneopus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The npm packages of {@code src/test/node}, installed once under {@code target/node}. */
final class NodePackages {

    private static final int INSTALL_LIMIT_MINUTES = 10;

    private NodePackages() {}

    /** The folder of the official TypeScript client, in which scripts can run. */
    static Path client() {
        return installed("client");
    }

    /**
     * The real CLI: the native binary, which does not need Node, or the script of releases before
     * 2.1.113. The property {@code claude.version} selects another release than the pinned one.
     */
    static Path claudeBinary() {
        var os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        var cpu = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        var version = System.getProperty("claude.version", "");
        var folder = version.isBlank() ? installed("claude") : installedClaude(version);
        var scope = folder.resolve("node_modules/@anthropic-ai");
        var script = scope.resolve("claude-code/cli.js");
        if (Files.isExecutable(script)) {
            return script;
        }
        var binary = scope.resolve("claude-code-" + os + "-" + cpu).resolve("claude");
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException(
                    "%s is missing: npm left that package out; delete target/node/claude and retry."
                            .formatted(binary));
        }
        return binary;
    }

    /** The command for the official conformance suite: the Node it needs and its script. */
    static List<String> conformance() {
        var modules = installed("conformance").resolve("node_modules");
        try (var folders = Files.list(modules)) {
            // Only this machine's optional package is installed.
            var node =
                    folders.filter(folder -> folder.getFileName().toString().startsWith("node-"))
                            .map(folder -> folder.resolve("bin/node"))
                            .filter(Files::isExecutable)
                            .findFirst()
                            .orElseThrow();
            var suite = modules.resolve("@modelcontextprotocol/conformance/dist/index.js");
            return List.of(node.toString(), suite.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command for the official tool for Claude Desktop extensions. */
    static List<String> mcpb() {
        var modules = installed("mcpb").resolve("node_modules");
        return List.of("node", modules.resolve("@anthropic-ai/mcpb/dist/cli/cli.js").toString());
    }

    /** The command for another server that runs claude, written for Node. */
    static List<String> similarServer() {
        var modules = installed("benchmark").resolve("node_modules");
        return List.of(
                "node", modules.resolve("@steipete/claude-code-mcp/dist/server.js").toString());
    }

    private static synchronized Path installed(String name) {
        var source = Path.of("src/test/node", name).toAbsolutePath();
        var folder = Path.of("target/node", name).toAbsolutePath();
        try (var _ = alone(folder)) {
            if (!upToDate(folder, source.resolve("package-lock.json"))) {
                install(source, folder);
            }
            for (var script : scriptsOf(source)) {
                copy(script, folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not prepare " + folder, e);
        }
        return folder;
    }

    private static synchronized Path installedClaude(String version) {
        var folder = Path.of("target/node", "claude-" + version).toAbsolutePath();
        try (var _ = alone(folder)) {
            if (!Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
                Files.writeString(folder.resolve("package.json"), "{\"private\": true}\n");
                npm(folder, "install", "@anthropic-ai/claude-code@" + version);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not prepare " + folder, e);
        }
        return folder;
    }

    /** Locks the folder, which is created if it is missing, against other forks of the tests. */
    private static FileChannel alone(Path folder) throws IOException {
        Files.createDirectories(folder);
        var channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    private static boolean upToDate(Path folder, Path lock) throws IOException {
        var done = folder.resolve("node_modules/.package-lock.json");
        return Files.exists(done)
                && Files.getLastModifiedTime(done).compareTo(Files.getLastModifiedTime(lock)) > 0;
    }

    private static Iterable<Path> scriptsOf(Path source) throws IOException {
        try (var files = Files.list(source)) {
            return files.filter(file -> file.toString().endsWith(".mjs")).toList();
        }
    }

    private static void install(Path source, Path folder) throws IOException {
        for (var file : new String[] {"package.json", "package-lock.json"}) {
            copy(source.resolve(file), folder);
        }
        npm(folder, "ci");
    }

    // Only here is the environment inherited, since npm finds its registry and CAs in it.
    private static void npm(Path folder, String... words) {
        var log = folder.resolve("npm.log");
        var command = new ArrayList<>(List.of("npm"));
        command.addAll(List.of(words));
        // --ignore-scripts: the CLI's post-install only copies a binary, which is used in place.
        command.addAll(List.of("--ignore-scripts", "--prefix", folder.toString()));
        var builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process npm;
        try {
            npm = builder.start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "npm was not found on the PATH: install Node.js 20 or newer for these tests.",
                    e);
        }
        if (!ended(npm)) {
            npm.descendants().forEach(ProcessHandle::destroyForcibly);
            npm.destroyForcibly();
            throw new IllegalStateException(
                    "npm in %s took over %d minutes.".formatted(folder, INSTALL_LIMIT_MINUTES));
        }
        if (npm.exitValue() != 0) {
            throw new IllegalStateException("npm in %s failed: see %s".formatted(folder, log));
        }
    }

    private static void copy(Path file, Path folder) throws IOException {
        Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(INSTALL_LIMIT_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

package phoneopus.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Java's AOT cache, which speeds up a start. It is valid only for the Java and jars it was made
 * with; otherwise Java ignores it.
 *
 * @param installation the installation's folder
 */
public record StartCache(Path installation) {
    private static final String NAME_BELOW = "lib/phone-opus.jsa";

    /** Printed by Java when it loads our main class from the cache. */
    private static final String OURS_OUT_OF_IT =
            "phoneopus.PhoneOpusApplication source: shared objects file";

    /**
     * The cache of the installation this program was started from; empty if it runs from a jar
     * alone.
     */
    public static Optional<StartCache> ofThisProgram() {
        return Optional.ofNullable(System.getProperty("phone-opus.home"))
                .map(home -> new StartCache(Path.of(home)))
                .filter(cache -> Files.exists(cache.maker()));
    }

    /** As the launcher looks for it: a package of npm's with a Java has one for that Java. */
    Path file() {
        Path own = installation.resolve(NAME_BELOW);
        Path ofJava = Path.of(System.getProperty("java.home")).resolveSibling("phone-opus.jsa");
        return Files.exists(own) || !Launch.bringsItsJava() || !Files.exists(ofJava) ? own : ofJava;
    }

    /** Checks that a server starts as fast as it can. */
    static void check(Finding.Collector found) throws IOException {
        Optional<StartCache> cache = ofThisProgram();
        if (cache.isPresent()) {
            cache.get().checkFile(found);
        }
    }

    private void checkFile(Finding.Collector found) throws IOException {
        String fix = Launch.ownCommandLine("doctor", "--warm");
        try {
            if (!Files.exists(file())) {
                found.warn("missing: a server takes seconds to start", fix);
            } else if (fits()) {
                found.ok(file() + " fits this Java");
            } else {
                found.warn(
                        file()
                                + " was made for another Java or other files: a server takes seconds to start",
                        fix);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /**
     * Whether this Java uses the cache, for our own classes too: it would load them from their jars
     * if the jars have changed.
     */
    private boolean fits() throws IOException, InterruptedException {
        Path launcher = installation.resolve("bin/phone-opus");
        Map<String, String> options =
                Map.of("PHONE_OPUS_JAVA_OPTS", "-Xshare:on -Xlog:class+load:stdout");
        Process start = process(List.of(launcher.toString(), "--version"), options).start();
        String said = new String(start.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return start.waitFor() == 0 && said.contains(OURS_OUT_OF_IT);
    }

    /**
     * Rebuilds the cache. Takes some seconds.
     *
     * @return why it could not be rebuilt; empty if it was
     */
    public Optional<String> make() throws IOException, InterruptedException {
        Process maker =
                process(List.of("/bin/sh", maker().toString()), Map.of())
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(maker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return maker.waitFor() == 0 ? Optional.empty() : Optional.of(said);
    }

    private Path maker() {
        return installation.resolve("libexec/warm.sh");
    }

    private static ProcessBuilder process(List<String> command, Map<String, String> more) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(more);
        return builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }
}

package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeBinary.ClaudeNotFoundException;
import phoneopus.claude.ClaudeVersion.ClaudeTooOldException;

/**
 * Which {@code claude} there is. Its version is asked in the background, once, and again only where
 * the file is another one.
 */
@Component
public class ClaudeInstallation {
    static final String UNKNOWN = "unknown";

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** What a consult waits at most to hear which version it is about to start. */
    private static final Duration LONGEST_OF_A_CONSULT = Duration.ofSeconds(5);

    private final ClaudeProperties properties;
    private final Map<String, String> environment;
    private final Duration longest;
    private final VersionCache known;
    private @Nullable Asked asked;

    @Autowired
    ClaudeInstallation(ClaudeProperties properties) {
        this(
                properties,
                System.getenv(),
                LONGEST_OF_A_CONSULT,
                VersionCache.ofUser(System.getenv()));
    }

    ClaudeInstallation(
            ClaudeProperties properties,
            Map<String, String> environment,
            Duration longest,
            VersionCache known) {
        this.properties = properties;
        this.environment = environment;
        this.longest = longest;
        this.known = known;
    }

    /**
     * The command.
     *
     * @param version in its own words; {@code unknown} where it has not said it, or not yet
     */
    public record Found(Path binary, String version) {
        public boolean versionKnown() {
            return !version.equals(UNKNOWN);
        }
    }

    /**
     * A file that lies where the command is looked for, and cannot be it.
     *
     * @param flaw what is wrong with it, in words that go on from "it"
     */
    public record PassedOver(Path file, String flaw) {
        @Override
        public String toString() {
            return file + ", which " + flaw;
        }
    }

    /**
     * That the command is too old.
     *
     * @param sentence what phone-opus needs, and why
     * @param update the command that puts a newer one in its place
     */
    public record Outdated(String sentence, String update) {}

    private record Asked(VersionCache.Stamp stamp, CompletableFuture<String> version) {}

    /** For a command that starts no server: what a server with that environment would find. */
    public static ClaudeInstallation seenFrom(
            Map<String, String> environment, ClaudeProperties properties) {
        return new ClaudeInstallation(properties, environment, LONGEST, VersionCache.NONE);
    }

    /** Where it is; empty where there is none. */
    public Optional<Path> locate() {
        try {
            return Optional.of(new ClaudeBinary(properties.binary(), environment).find());
        } catch (ClaudeNotFoundException _) {
            return Optional.empty();
        }
    }

    /** What lies before the one that is found; all that lies there where none is. */
    public List<PassedOver> passedOver() {
        return new ClaudeBinary(properties.binary(), environment).passedOver();
    }

    /**
     * Finds it.
     *
     * @param patience how long to wait for its version where it is not known yet
     * @return empty where there is none
     */
    public Optional<Found> find(Duration patience) {
        try {
            Path binary = new ClaudeBinary(properties.binary(), environment).find();
            return Optional.of(new Found(binary, version(ask(binary), patience)));
        } catch (ClaudeNotFoundException | IOException _) {
            return Optional.empty();
        }
    }

    /** Whether it is too old for a consult; empty where it will do, or does not say. */
    public Optional<Outdated> outdated(Found found) {
        return ClaudeVersion.of(found.version())
                .flatMap(version -> version.lacks(properties))
                .map(need ->
                        new Outdated(
                                "phone-opus needs at least %s, %s"
                                        .formatted(need.atLeast(), need.because()),
                                ClaudeVersion.update(found.binary())));
    }

    /**
     * Waits a moment for its version, and lets one pass that does not say it.
     *
     * @throws ClaudeTooOldException where a consult cannot work with it
     */
    void refuseTooOld(Path binary) {
        if (tooOld(binary).isEmpty()) {
            return;
        }
        // A version manager's shim stays the same file when what it starts is updated.
        forget();
        tooOld(binary)
                .ifPresent(problem -> {
                    throw problem;
                });
    }

    private Optional<ClaudeTooOldException> tooOld(Path binary) {
        return versionOfConsult(binary)
                .flatMap(version ->
                        version.lacks(properties)
                                .map(need -> new ClaudeTooOldException(binary, version, need)));
    }

    /**
     * What a run of that binary gets as its environment. Nobody is asked: others wait meanwhile.
     * One whose version is not known is guarded as the oldest are.
     */
    Map<String, String> environmentOf(Path binary) {
        Map<String, String> child = environmentOfAny(binary);
        if (heardBefore(binary).map(ClaudeVersion::mentionsFiles).orElse(true)) {
            child.put("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1");
        }
        return child;
    }

    private synchronized Optional<ClaudeVersion> heardBefore(Path binary) {
        try {
            VersionCache.Stamp stamp = VersionCache.Stamp.of(binary);
            Asked last = asked;
            return last != null && last.stamp().equals(stamp)
                    ? ClaudeVersion.of(last.version().getNow(UNKNOWN))
                    : known.read(stamp).flatMap(ClaudeVersion::of);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private Map<String, String> environmentOfAny(Path binary) {
        return ChildEnvironment.of(
                environment,
                properties.environment(),
                new ClaudeBinary(properties.binary(), environment).companions(binary));
    }

    private Optional<ClaudeVersion> versionOfConsult(Path binary) {
        try {
            return ClaudeVersion.of(version(ask(binary), LONGEST_OF_A_CONSULT));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private synchronized Asked ask(Path binary) throws IOException {
        VersionCache.Stamp stamp = VersionCache.Stamp.of(binary);
        Asked last = asked;
        if (last != null && last.stamp().equals(stamp)) {
            return last;
        }
        CompletableFuture<String> version = new CompletableFuture<>();
        known.read(stamp)
                .ifPresentOrElse(
                        version::complete,
                        () ->
                                Thread.ofVirtual()
                                        .name("claude-version")
                                        .start(() -> version.complete(learned(stamp))));
        Asked fresh = new Asked(stamp, version);
        asked = fresh;
        return fresh;
    }

    private synchronized void forget() {
        if (asked != null) {
            known.drop(asked.stamp());
            asked = null;
        }
    }

    private String learned(VersionCache.Stamp stamp) {
        String words =
                VersionCommand.ask(stamp.binary(), environmentOfAny(stamp.binary()), longest)
                        .orElse(UNKNOWN);
        if (!words.equals(UNKNOWN)) {
            known.write(stamp, words);
        }
        return words;
    }

    private static String version(Asked asked, Duration patience) {
        try {
            return asked.version().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } catch (TimeoutException | ExecutionException _) {
            return UNKNOWN;
        }
    }
}

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
 * The installed {@code claude} command. Its version is queried once, in the background, and again
 * only if the file has changed.
 */
@Component
public class ClaudeInstallation {
    static final String UNKNOWN = "unknown";

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** How long a consult waits for the version of the command. */
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
     * @param version as it prints it; {@code unknown} if it did not print it, or not yet
     */
    public record Found(Path binary, String version) {
        public boolean versionKnown() {
            return !version.equals(UNKNOWN);
        }
    }

    /**
     * A file in a searched place that is not a usable command.
     *
     * @param flaw what is wrong with it; a predicate, such as "is empty"
     */
    public record Skipped(Path file, String flaw) {
        @Override
        public String toString() {
            return file + ", which " + flaw;
        }
    }

    /**
     * Says that the command is too old.
     *
     * @param sentence what phone-opus needs and why
     * @param update the command that updates it
     */
    public record Outdated(String sentence, String update) {}

    private record Asked(VersionCache.Stamp stamp, CompletableFuture<String> version) {}

    /** What a server with that environment would find, for commands that start no server. */
    public static ClaudeInstallation seenFrom(
            Map<String, String> environment, ClaudeProperties properties) {
        return new ClaudeInstallation(properties, environment, LONGEST, VersionCache.NONE);
    }

    /** Its path; empty if there is none. */
    public Optional<Path> locate() {
        try {
            return Optional.of(new ClaudeBinary(properties.binary(), environment).find());
        } catch (ClaudeNotFoundException _) {
            return Optional.empty();
        }
    }

    /** The unusable files before the one that is found; all of them if none is. */
    public List<Skipped> skipped() {
        return new ClaudeBinary(properties.binary(), environment).skipped();
    }

    /**
     * Finds it.
     *
     * @param patience how long to wait if its version is not known yet
     * @return empty if there is none
     */
    public Optional<Found> find(Duration patience) {
        try {
            Path binary = new ClaudeBinary(properties.binary(), environment).find();
            return Optional.of(new Found(binary, version(ask(binary), patience)));
        } catch (ClaudeNotFoundException | IOException _) {
            return Optional.empty();
        }
    }

    /** Says that it is too old for a consult; empty if it is not, or if its version is unknown. */
    public Optional<Outdated> outdated(Found found) {
        return ClaudeVersion.of(found.version())
                .flatMap(version -> version.lacks(properties))
                .map(need ->
                        new Outdated(
                                "phone-opus needs at least %s, %s"
                                        .formatted(need.atLeast(), need.because()),
                                ClaudeVersion.update(found.binary())));
    }

    /** Says that a newer one would be better; empty if its version is tested or unknown. */
    public Optional<Outdated> older(Found found) {
        return ClaudeVersion.of(found.version())
                .flatMap(ClaudeVersion::older)
                .map(need ->
                        new Outdated(
                                "older than %s, %s".formatted(need.atLeast(), need.because()),
                                ClaudeVersion.update(found.binary())));
    }

    /**
     * Waits briefly for its version, and accepts an unknown one.
     *
     * @throws ClaudeTooOldException if a consult cannot work with it
     */
    void refuseTooOld(Path binary) {
        if (tooOld(binary).isEmpty()) {
            return;
        }
        // A version manager's shim does not change when the program behind it is updated.
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
     * The environment of a run of that binary. Does not query the version, since callers hold a
     * lock. A binary of unknown version is guarded like the oldest.
     */
    Map<String, String> environmentOf(Path binary) {
        Map<String, String> child = environmentOfAny(binary);
        if (cachedVersion(binary).map(ClaudeVersion::mentionsFiles).orElse(true)) {
            child.put("CLAUDE_CODE_DISABLE_ATTACHMENTS", "1");
        }
        return child;
    }

    private synchronized Optional<ClaudeVersion> cachedVersion(Path binary) {
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

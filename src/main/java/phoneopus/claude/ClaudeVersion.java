package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import phoneopus.run.FaultCode;
import phoneopus.run.FaultException;

/** A version of the {@code claude} command, and what it lacks for a consult. */
public record ClaudeVersion(int major, int minor, int patch) implements Comparable<ClaudeVersion> {
    private static final String NUMBERS = "(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})\\S*";

    private static final Pattern EVENT = Pattern.compile(NUMBERS);

    private static final Pattern ITS_OWN_WORDS = Pattern.compile(NUMBERS + " \\(Claude Code\\)");

    private static final Comparator<ClaudeVersion> ORDER =
            Comparator.comparingInt(ClaudeVersion::major)
                    .thenComparingInt(ClaudeVersion::minor)
                    .thenComparingInt(ClaudeVersion::patch);

    private static final Need ANY =
            new Need(
                    new ClaudeVersion(2, 1, 111),
                    "the first that supports every value of `--effort`");

    private static final Need RESTRICTED =
            new Need(
                    new ClaudeVersion(2, 1, 248),
                    "the first that supports `--restricted`, which phone-opus.claude.restricted requires");

    /**
     * Earlier versions ignore {@code CLAUDE_CODE_DISABLE_FILE_MENTIONS}, and would insert a file
     * named after {@code @} into the prompt.
     */
    private static final ClaudeVersion FILE_MENTIONS_CAN_BE_SWITCHED_OFF =
            new ClaudeVersion(2, 1, 299);

    /** Each version asks the newest Opus that it knows. */
    private static final Need TESTED =
            new Need(
                    FILE_MENTIONS_CAN_BE_SWITCHED_OFF,
                    "the oldest that is fully tested: this one asks an older Opus and reads no attachments");

    /** Earlier versions report the cost of a session's last run alone. */
    private static final ClaudeVersion COST_INCLUDES_EARLIER_RUNS = new ClaudeVersion(2, 1, 283);

    /**
     * A requirement of a consult.
     *
     * @param because the reason, which continues the sentence after the version
     */
    record Need(ClaudeVersion atLeast, String because) {}

    /**
     * Parses the output of {@code claude --version}.
     *
     * @return empty if it is a stand-in's and not Claude Code's
     */
    static Optional<ClaudeVersion> of(String words) {
        return of(ITS_OWN_WORDS.matcher(words));
    }

    /** Parses the version in a run's {@code init} event; empty for a stand-in. */
    static Optional<ClaudeVersion> ofEvent(String version) {
        return of(EVENT.matcher(version)).filter(release -> release.major() > 0);
    }

    private static Optional<ClaudeVersion> of(Matcher matcher) {
        return matcher.lookingAt()
                ? Optional.of(
                        new ClaudeVersion(
                                Integer.parseInt(matcher.group(1)),
                                Integer.parseInt(matcher.group(2)),
                                Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** What is better in a newer version; empty if it is new enough. */
    Optional<Need> older() {
        return compareTo(TESTED.atLeast()) < 0 ? Optional.of(TESTED) : Optional.empty();
    }

    /** The requirement it does not meet; empty if it meets all. */
    Optional<Need> lacks(ClaudeProperties properties) {
        Need need = properties.restricted() ? RESTRICTED : ANY;
        return compareTo(need.atLeast()) < 0 ? Optional.of(need) : Optional.empty();
    }

    /** Whether it ignores our guard against file mentions. */
    boolean mentionsFiles() {
        return compareTo(FILE_MENTIONS_CAN_BE_SWITCHED_OFF) < 0;
    }

    /** Whether the cost of a resumed session includes its earlier runs. */
    boolean costIncludesEarlierRuns() {
        return compareTo(COST_INCLUDES_EARLIER_RUNS) >= 0;
    }

    /** The command that updates that binary. */
    static String update(Path binary) {
        String real = real(binary).toString();
        return real.contains("/node_modules/") && !real.contains("/.claude/local/")
                ? "npm install -g @anthropic-ai/claude-code@latest"
                : binary + " update";
    }

    private static Path real(Path binary) {
        try {
            return binary.toRealPath();
        } catch (IOException _) {
            return binary;
        }
    }

    @Override
    public int compareTo(ClaudeVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }

    /** The {@code claude} command lacks what a consult needs. */
    public static final class ClaudeTooOldException extends FaultException {
        private static final long serialVersionUID = 1L;

        private final String update;

        ClaudeTooOldException(Path binary, ClaudeVersion found, ClaudeVersion.Need need) {
            super(
                    FaultCode.CLAUDE_TOO_OLD,
                    "Claude Code %s (%s) is too old: phone-opus needs at least %s, %s."
                            .formatted(found, binary, need.atLeast(), need.because()),
                    "");
            this.update = ClaudeVersion.update(binary);
        }

        /** The command that updates it. */
        public String update() {
            return update;
        }
    }
}

package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.run.Activity;

class ProgressTests {

    private static final Duration LOOK = Duration.ofMillis(200);

    private record Sent(double seconds, String message) {}

    private final List<Sent> sent = new ArrayList<>();
    private long nanos;
    private Progress progress;

    @BeforeEach
    void startAt7Seconds() {
        startAt(Duration.ofSeconds(7).toNanos());
    }

    private void startAt(long start) {
        nanos = start;
        progress =
                new Progress(
                        Samples.JOB,
                        () -> "queued as the next",
                        () -> nanos,
                        (seconds, message) -> sent.add(new Sent(seconds, message)));
    }

    @Test
    void aQuickCallSendsNone() {
        lookFor(Duration.ofMillis(2_999), new Activity(1, "Read a", null));

        assertThat(sent).isEmpty();
    }

    @Test
    void theFirstComesAfterThreeSeconds() {
        lookFor(Duration.ofSeconds(4), new Activity(1, "Read a", null));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().seconds()).isBetween(3.0, 3.3);
        assertThat(sent.getFirst().message()).isEqualTo("job=" + Samples.JOB + " turn 1: Read a");
    }

    @Test
    void eachIsDueToTheNanosecond() {
        nanos += Duration.ofSeconds(3).toNanos() - 1;
        progress.seen(null);
        assertThat(sent).isEmpty();
        nanos += 1;
        progress.seen(null);
        assertThat(sent).hasSize(1);

        nanos += Duration.ofSeconds(2).toNanos();
        progress.seen(new Activity(1, "Read a", null));
        assertThat(sent).hasSize(2);

        nanos += Duration.ofSeconds(9).toNanos();
        progress.seen(new Activity(1, "Read a", null));
        assertThat(sent).hasSize(3);
    }

    @Test
    void aSilentClaudeIsReportedAtLeastEveryTenSeconds() {
        lookFor(Duration.ofMinutes(5), new Activity(1, "thinking", 0.04));

        assertThat(sent).hasSizeBetween(30, 36);
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).seconds() - sent.get(i - 1).seconds()).isBetween(2.0, 10.0);
        }
    }

    @Test
    void newsComeSoonerButNotInAFlood() {
        for (int look = 0; look < 300; look++) {
            nanos += LOOK.toNanos();
            progress.seen(new Activity(look, "Read " + look, null));
        }

        assertThat(sent).hasSizeBetween(25, 30);
    }

    @Test
    void aRetryIsNewsAndToldWithItsDelay() {
        var retry = new Activity.Retry(2, 10, Duration.ofSeconds(8), "overloaded");
        lookFor(Duration.ofMillis(3_200), new Activity(1, "Read a", null));

        lookFor(Duration.ofSeconds(3), new Activity(1, "Read a", null, retry));

        assertThat(sent).hasSize(2);
        assertThat(sent.getLast().message())
                .isEqualTo(
                        "job="
                                + Samples.JOB
                                + " turn 1: Read a, retry 2 of 10 in 8 s (overloaded)");
    }

    @Test
    void progressAlwaysGrows() {
        lookFor(Duration.ofMinutes(2), null);
        lookFor(Duration.ofMinutes(2), new Activity(1, null, null));
        lookFor(Duration.ofMinutes(2), new Activity(2, "Bash ls", 1.5));

        assertThat(sent.stream().map(Sent::seconds).toList()).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -3_000_000_000L, Long.MAX_VALUE - 1_000_000_000L, Long.MIN_VALUE})
    void theClockMayStartAnywhere(long start) {
        startAt(start);

        lookFor(Duration.ofSeconds(30), new Activity(1, "thinking", null));

        assertThat(sent).hasSizeBetween(3, 4);
        assertThat(sent.getFirst().seconds()).isBetween(3.0, 3.3);
        assertThat(sent.stream().map(Sent::seconds).toList()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aQueuedConsultSaysForWhat() {
        lookFor(Duration.ofSeconds(4), null);

        assertThat(sent.getFirst().message())
                .isEqualTo("job=" + Samples.JOB + " queued as the next");
    }

    @Test
    void theCostLooksTheSameWhateverTheMachineSpeaks() {
        var before = Locale.getDefault();

        Locale.setDefault(Locale.GERMANY);
        try {
            lookFor(Duration.ofSeconds(4), new Activity(3, "Read src/Main.java", 0.04));
        } finally {
            Locale.setDefault(before);
        }

        assertThat(sent.getFirst().message())
                .isEqualTo("job=" + Samples.JOB + " turn 3: Read src/Main.java, $0.04");
    }

    private void lookFor(Duration time, Activity activity) {
        for (long left = time.toNanos(); left >= LOOK.toNanos(); left -= LOOK.toNanos()) {
            nanos += LOOK.toNanos();
            progress.seen(activity);
        }
    }
}

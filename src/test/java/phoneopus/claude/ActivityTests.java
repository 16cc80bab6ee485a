package phoneopus.claude;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import phoneopus.run.Activity;

class ActivityTests {

    @Test
    void isStartingBeforeTheFirstTurn() {
        assertThat(Activity.NONE.line()).isEqualTo("starting");
    }

    @Test
    void namesTheTurnAndWhatWasDoneLast() {
        assertThat(new Activity(3, "Read src/Main.java", null).line())
                .isEqualTo("turn 3: Read src/Main.java");
    }

    @Test
    void namesTheTurnAloneWhereNothingIsKnownOfIt() {
        assertThat(new Activity(3, null, null).line()).isEqualTo("turn 3");
    }

    @Test
    void namesTheCost() {
        assertThat(new Activity(3, "writing", 0.039).line()).isEqualTo("turn 3: writing, $0.04");
    }

    @Test
    void namesTheTryItWaitsFor() {
        var retry = new Activity.Retry(2, 10, Duration.ofMillis(4_600), "overloaded");

        assertThat(new Activity(0, null, null, retry).line())
                .isEqualTo("starting, retry 2 of 10 in 5 s (overloaded)");
        assertThat(new Activity(3, "Read src/Main.java", 0.039, retry).line())
                .isEqualTo("turn 3: Read src/Main.java, retry 2 of 10 in 5 s (overloaded), $0.04");
    }

    @Test
    void theCostHasAPointInEveryLanguage() {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(new Activity(1, null, 1.5).line()).isEqualTo("turn 1, $1.50");
        } finally {
            Locale.setDefault(before);
        }
    }
}

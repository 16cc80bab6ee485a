package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.claude.HandMade;
import phoneopus.claude.ServerIdentity;
import phoneopus.spool.JobId;

/** Which server may start a consult that another one has accepted. */
class OpenJobTests {
    static final Instant LATER = Instant.EPOCH.plus(Duration.ofMinutes(11));

    @TempDir Path folder;
    ServerIdentity here;

    @BeforeEach
    void look() throws Exception {
        var settings = Map.<String, Object>of("phone-opus.claude.binary", folder.toString());
        here = HandMade.claude(HandMade.properties(settings)).starter();
    }

    @Test
    void oneOfTheSameEnvironmentMayAndOneOfAnotherMayNotWhileTheFirstLives() throws Exception {
        var living = LivingProcess.parent(here);

        assertThat(by(living, here.environment()).startableBy(here, Instant.EPOCH)).isTrue();
        assertThat(by(living, "another").startableBy(here, LATER)).isFalse();
    }

    @Test
    void itsOwnServerMayWhateverItsFileSaysOfTheEnvironment() {
        assertThat(by(here.process(), "another").startableBy(here, Instant.EPOCH)).isTrue();
    }

    @Test
    void anyMayWhereTheFirstIsGoneOrNotKnown() {
        var gone = here.process().replaceFirst(" \\d+ ", " 1 ");

        assertThat(by(gone, "another").startableBy(here, Instant.EPOCH)).isTrue();
        assertThat(by("nonsense", "another").startableBy(here, Instant.EPOCH)).isTrue();
        assertThat(job(null).startableBy(here, Instant.EPOCH)).isTrue();
    }

    @Test
    void oneThatCannotBeSeenGoesFirstForAWhile() {
        var hidden = String.join(" ", words().subList(0, 3)) + " 1 elsewhere";

        assertThat(by(hidden, "another").startableBy(here, Instant.EPOCH)).isFalse();
        assertThat(by(hidden, "another").startableBy(here, LATER)).isTrue();
    }

    private List<String> words() {
        return List.of(here.process().split(" ", -1));
    }

    private static OpenJob by(String process, String environment) {
        return job(new ServerIdentity(process, environment));
    }

    private static OpenJob job(@Nullable ServerIdentity starter) {
        return new OpenJob(
                JobId.random(), Instant.EPOCH, null, null, starter, false, OpenJob.Stage.WAITING);
    }
}

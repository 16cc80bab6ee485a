package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import phoneopus.job.Dispatch.Submission;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;

/** Which consults a server that ends knows to be waited for. */
@Timeout(30)
class WaitersTests {
    private final Waiters waiters = new Waiters();
    private final JobRequest asked = request();
    private FutureTask<List<JobId>> waitedFor;

    @BeforeEach
    void endDuringASubmission() {
        waiters.beginSubmission();
        waitedFor = new FutureTask<>(waiters::close);
        var end = Thread.ofPlatform().start(waitedFor);
        // It waits for a moment alone: what follows must not be late.
        while (end.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oneThatIsAcceptedMeanwhileIs() throws Exception {
        waiters.submit(asked, () -> new Submission(asked, false));
        waiters.endSubmission();

        assertThat(waitedFor.get()).containsExactly(asked.jobId());
    }

    @Test
    void oneThatIsJoinedMeanwhileIsInsteadOfTheOneThatWasAskedFor() throws Exception {
        var joined = request();

        waiters.submit(asked, () -> new Submission(joined, true));
        waiters.endSubmission();

        assertThat(waitedFor.get()).containsExactly(joined.jobId());
    }

    @Test
    void oneThatIsNotAcceptedIsNot() throws Exception {
        try {
            waiters.submit(
                    asked,
                    () -> {
                        throw new IOException("full");
                    });
        } catch (IOException _) {
            // Its caller is told.
        }
        waiters.endSubmission();

        assertThat(waitedFor.get()).isEmpty();
    }

    private static JobRequest request() {
        return new JobRequest(
                JobId.random(),
                JobMode.SYNC,
                Instant.ofEpochMilli(1),
                Consults.of("Why?", Path.of("/")),
                "Why?",
                false,
                UUID.randomUUID(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                List.of("claude"),
                null,
                null);
    }
}

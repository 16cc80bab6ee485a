package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.run.Activity;
import phoneopus.run.Outcome;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;

/** What this server can do while another one holds the dispatch lock and is stopped by Ctrl-Z. */
@Timeout(120)
class StoppedServerTests {

    @TempDir Path temporary;
    Path folder;
    FakeClaude fake;
    WiredServer server;
    Process holder;

    @BeforeEach
    void stopAnotherServer() throws Exception {
        folder = temporary.toRealPath();
        fake = new FakeClaude(folder.resolve("fake"));
        server = new WiredServer(folder.resolve("state"), fake.command(), Map.of()).start();
        var held = folder.resolve("held");
        holder =
                OtherJvm.start(
                        folder.resolve("holder.log"),
                        "hold",
                        server.spool.file(Dispatch.LOCK).toString(),
                        held.toString());
        await().atMost(WiredServer.LONG).until(() -> Files.exists(held));
        signal("STOP");
    }

    @AfterEach
    void endAll() throws Exception {
        holder.destroyForcibly().waitFor();
        fake.open();
        server.endAll();
    }

    @Test
    void aConsultIsTakenAndStartsOnceTheLockIsFree() throws Exception {
        var request = submit();
        var seen = new CopyOnWriteArrayList<Activity>();

        var tooSoon =
                server.jobs.await(request, Duration.ofSeconds(5), () -> !seen.isEmpty(), seen::add);
        holder.destroyForcibly().waitFor();
        var ended = server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {});

        assertThat(tooSoon).isEmpty();
        assertThat(seen.getFirst().toString())
                .contains("busy: held by process " + holder.pid())
                .contains("kill -CONT " + holder.pid());
        assertThat(ended.orElseThrow().outcome()).isInstanceOf(Outcome.Answered.class);
        assertThat(fake.sessions()).hasSize(1);
    }

    @Test
    void onceTheLockIsFreeNobodyIsToldOfItAnyMore() throws Exception {
        fake.shut();
        var first = submit();
        var held = server.jobs.activity(server.jobs.now(first));
        holder.destroyForcibly().waitFor();

        server.supervisor.makeTheRound();
        var next = Consults.of("And then?", folder, first.sessionId(), null);
        var queued = server.jobs.submit(next, JobMode.BACKGROUND, false).request();

        assertThat(held).get().extracting(Activity::last).asString().contains("busy: held by");
        assertThat(server.jobs.now(queued).status()).isEqualTo(JobStatus.QUEUED);
        assertThat(server.jobs.activity(server.jobs.now(queued)))
                .get()
                .extracting(Activity::last)
                .asString()
                .startsWith("queued until job=");
    }

    @Test
    void aQueuedConsultIsCancelledAndNeverStarts() throws Exception {
        var request = submit();

        server.jobs.cancel(request);

        assertCancelledForGood(request);
    }

    @Test
    void aQueuedConsultThatItsCallerWantsNoMoreNeverStarts() throws Exception {
        var request = submit();

        server.jobs.stop(request);

        assertCancelledForGood(request);
    }

    private void assertCancelledForGood(JobRequest request) throws Exception {
        assertThat(server.jobs.now(request).status()).isEqualTo(JobStatus.CANCELLED);
        signal("CONT");
        holder.destroyForcibly().waitFor();
        server.drain();
        assertThat(server.jobs.now(request).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(fake.sessions()).isEmpty();
    }

    private JobRequest submit() throws Exception {
        var consult = Consults.of("Why?", folder);
        var submitted = server.jobs.submit(consult, JobMode.BACKGROUND, false);
        assertThat(server.run(submitted.request()).claimed()).isFalse();
        return submitted.request();
    }

    private void signal(String name) throws Exception {
        var kill = List.of("kill", "-" + name, Long.toString(holder.pid()));
        assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
    }
}

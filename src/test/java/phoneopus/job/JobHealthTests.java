package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import phoneopus.Script;
import phoneopus.spool.JobMode;

class JobHealthTests {

    @TempDir Path temporary;
    Path state;
    WiredServer server;

    @BeforeEach
    void wireServer() {
        state = temporary.resolve("state");
        var sleeping = temporary.resolve("claude");
        Script.writeExecutable(
                sleeping, "#!/bin/sh\n[ \"$1\" != --version ] || exit\nexec sleep 600\n");
        server =
                new WiredServer(
                        state,
                        sleeping,
                        Map.of(
                                "phone-opus.consult.max-concurrent", 1,
                                "phone-opus.consult.queue-capacity", 1));
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    @Test
    void theStoreIsDegradedUntilItsBooksAreOpen() {
        var store = JobHealthConfiguration.storeHealthIndicator(server.health);
        var before = store.health().getStatus();

        server.start();

        assertThat(before.getCode()).isEqualTo("DEGRADED");
        await().atMost(WiredServer.LONG)
                .untilAsserted(() -> assertThat(store.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void theStoreIsDownWhereItsDirectoryCannotBeRead() throws IOException {
        var inItsPlace = Files.writeString(state, "a file");

        var store = JobHealthConfiguration.storeHealthIndicator(server.health).health();
        var dispatch = JobHealthConfiguration.dispatchHealthIndicator(server.health).health();
        Files.delete(inItsPlace);

        assertThat(store.getStatus()).isEqualTo(Status.DOWN);
        assertThat(dispatch.getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void dispatchIsDegradedWhereTheNextConsultWouldBeRefused() throws Exception {
        var dispatch = JobHealthConfiguration.dispatchHealthIndicator(server.health);
        submit("One?");
        var running = dispatch.health();
        submit("Two?");

        var full = dispatch.health();

        assertThat(running.getStatus()).isEqualTo(Status.UP);
        assertThat(full.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(full.getDetails())
                .containsEntry("running", 1)
                .containsEntry("queued", 1)
                .containsEntry("max_concurrent", 1)
                .containsEntry("queue_capacity", 1);
    }

    @Test
    void countingSettlesNothing() throws IOException {
        var request = server.request(temporary, "Why?");
        server.spool.accept(request, () -> {});
        var directory = server.spool.directory(request.jobId());
        Files.writeString(directory.resolve("pid"), "1 1 another-boot\n");

        var workload = server.health.workload();

        assertThat(workload).contains(new JobHealth.Workload(0, 0));
        assertThat(directory.resolve("outcome.json")).doesNotExist();
        assertThat(server.spool.open()).containsExactly(request.jobId());
    }

    @Test
    void theDiskIsTheStateDirectorys() throws IOException {
        Files.createDirectory(state);

        var disk = JobHealthConfiguration.diskHealthIndicator(server.state).health();

        assertThat(disk.getDetails()).containsEntry("path", state.toString());
    }

    private void submit(String prompt) throws InterruptedException {
        server.jobs.submit(Consults.of(prompt, temporary), JobMode.BACKGROUND, false);
    }
}

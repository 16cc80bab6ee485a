package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.spool.Job;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobNotFoundException;
import phoneopus.spool.JobStatus;

/** A job that is over has its whole record twice: whichever copy is lost, the other answers. */
@Timeout(60)
class RecordedJobTests {
    private static final Duration KEEP = Duration.ofDays(30);

    @TempDir Path temporary;
    Path folder;
    HandMovedClock clock = new HandMovedClock();
    FakeClaude fake;
    WiredServer server;
    Job before;

    @BeforeEach
    void askAndHaveItIndexed() throws Exception {
        folder = temporary.toRealPath();
        fake = new FakeClaude(folder.resolve("fake"));
        fake.set("FAKE_CLAUDE_ANSWER='Ä \"quoted\" answer.'", "FAKE_CLAUDE_COST=0.25");
        server = server();
        var consult =
                new Consult(
                        "Why \u0000?\nöé", folder.toString(), 7, null, "haiku", Effort.LOW, null);
        var request = server.jobs.submit(consult, JobMode.BACKGROUND, true).request();
        assertThat(server.jobs.await(request, WiredServer.LONG, () -> false, _ -> {})).isPresent();
        server.awaitBooked();
        before = server.jobs.now(request);
        assertThat(before.status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withItsDirectoryGoneItIsAnsweredFromItsRow(boolean anotherServer) throws Exception {
        FileSystemUtils.deleteRecursively(directory());
        var asked = anotherServer ? server() : server;

        var found = asked.jobs.find(before.id(), null);
        var listed = asked.lists.list(new JobFilter(null, null, null, null, 10)).jobs();
        var awaited = asked.jobs.await(found.request(), Duration.ZERO, () -> false, _ -> {});

        assertThat(found).isEqualTo(before);
        assertThat(listed).containsExactly(before.forLists());
        assertThat(awaited).contains(before.ended());
        assertThat(asked.jobs.silence(found)).isEmpty();
        assertThat(asked.jobs.activity(found)).isEmpty();
        assertThat(directory()).as("nobody makes it anew").doesNotExist();
    }

    @Test
    void withItsDirectoryGoneItIsNeitherCancelledNorRunAgain() throws Exception {
        FileSystemUtils.deleteRecursively(directory());

        server.jobs.cancel(before.request());
        server.supervisor.makeTheRound();
        server.dispatch.round();

        assertThat(server.jobs.find(before.id(), null)).isEqualTo(before);
        assertThat(fake.sessions()).hasSize(1);
        assertThat(directory()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null"})
    void withItsRequestDamagedItIsAnsweredFromItsRow(String damage) throws Exception {
        Files.writeString(directory().resolve("request.json"), damage);

        assertThat(server.jobs.find(before.id(), null)).isEqualTo(before);
        assertThat(server.jobs.find(before.id(), null))
                .as("once it is set aside")
                .isEqualTo(before);
    }

    @Test
    void withTheTableGoneTheDirectoriesFillItWhole() throws Exception {
        server.stop();
        try (var files = Files.newDirectoryStream(folder.resolve("state"), "books-*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        server = server();
        server.booked(new JobFilter(null, null, null, null, 1), 1);
        FileSystemUtils.deleteRecursively(directory());

        assertThat(server.jobs.find(before.id(), null)).isEqualTo(before);
    }

    @Test
    void somebodyElseDoesNotFindItInItsRow() throws Exception {
        FileSystemUtils.deleteRecursively(directory());

        assertThatThrownBy(() -> server.jobs.find(before.id(), "bob"))
                .isInstanceOf(JobNotFoundException.class);
    }

    @Test
    void itsRowIsDroppedWithItsKeepTime() throws Exception {
        var young = over(KEEP.minusMinutes(1));
        var old = over(KEEP.plusMinutes(1));
        server.awaitBooked();
        FileSystemUtils.deleteRecursively(server.spool.directory(young));
        FileSystemUtils.deleteRecursively(server.spool.directory(old));
        assertThat(server.jobs.find(old, null).status()).isEqualTo(JobStatus.SUCCEEDED);

        server.retention.drop();
        // The time goes by the first look, once a second one a day later has confirmed it.
        clock.move(Duration.ofDays(1));
        server.retention.drop();

        assertThat(server.jobs.find(young, null).status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThatThrownBy(() -> server.jobs.find(old, null))
                .isInstanceOf(JobNotFoundException.class);
        assertThat(server.repository.existsById(old.value())).isFalse();
    }

    /** One that ended that long ago. */
    private JobId over(Duration ago) throws IOException {
        var id =
                server.over(folder, clock.millis() - ago.toMillis(), WiredServer.answered())
                        .jobId();
        server.index.write(id);
        return id;
    }

    private Path directory() throws IOException {
        return server.spool.directory(before.id());
    }

    private WiredServer server() {
        return new WiredServer(
                        folder.resolve("state"),
                        fake.command(),
                        clock,
                        Map.of("phone-opus.jobs.keep-at-least", 0))
                .start();
    }
}

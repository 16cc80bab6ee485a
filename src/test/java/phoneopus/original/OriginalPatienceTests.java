package phoneopus.original;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.job.WiredServer;
import phoneopus.spool.JobId;
import phoneopus.spool.StateDirectory;

/** A look at the original program's consults that takes longer than anybody waits. */
@Timeout(60)
class OriginalPatienceTests {

    final JobId one = new JobId(UUID.randomUUID());
    final JobId other = new JobId(UUID.randomUUID());
    @TempDir Path temporary;
    WiredServer server;
    OriginalImport originals;

    @BeforeEach
    void leaveTwoConsults() throws Exception {
        var state = temporary.toRealPath().resolve("state");
        Files.createDirectories(state.resolve("mcp/consult_jobs"));
        for (JobId id : new JobId[] {one, other}) {
            Files.writeString(
                    state.resolve("mcp/consult_jobs/" + id + ".json"),
                    """
                    {"job_id": "%s", "mode": "background", "created_unix_ms": 1690000000000,
                     "request": {"prompt": "Why?", "cwd": "/a repo", "max_turns": null, "session_id": null},
                     "status": "succeeded", "result": {"response": "Rename it."}}
                    """
                            .formatted(id));
        }
        server = new WiredServer(state, temporary.resolve("claude"), Map.of()).start();
        originals =
                new OriginalImport(
                        new StateDirectory(state),
                        server.spool,
                        server.sessions,
                        server.index,
                        Clock.systemUTC());
    }

    @AfterEach
    void endAll() throws Exception {
        server.endAll();
    }

    @Test
    void aListIsToldThatTheyAreStillComing() throws Exception {
        assertThatThrownBy(() -> originals.open(Duration.ZERO))
                .isInstanceOf(OriginalUnavailableException.class)
                .hasMessageContaining("still being imported")
                .satisfies(told ->
                        assertThat(((OriginalUnavailableException) told).retryable()).isTrue());
        assertThat(server.spool.lastChangedFirst()).isEmpty();
    }

    @Test
    void meanwhileEachIsFoundByItsIdAndThereafterAllAre() throws Exception {
        assertThatThrownBy(() -> originals.open(Duration.ZERO))
                .isInstanceOf(OriginalUnavailableException.class);

        originals.find(one);
        var first = server.spool.lastChangedFirst();
        originals.open();

        assertThat(first).containsExactly(one);
        assertThat(server.spool.lastChangedFirst()).containsExactlyInAnyOrder(one, other);
    }
}

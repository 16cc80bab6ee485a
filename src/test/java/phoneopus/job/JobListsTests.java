package phoneopus.job;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;

@Timeout(120)
class JobListsTests {

    static final int MEBIBYTE = 1024 * 1024;

    @TempDir Path temporary;

    @Test
    void longPromptsOfWhatIsNotListedAreNotHeld() throws Exception {
        var folder = temporary.toRealPath();
        var command = new FakeClaude(folder.resolve("fake")).command();
        var ids = new ArrayList<JobId>();
        for (int i = 0; i < 80; i++) {
            ids.addFirst(queued(folder, command, i));
        }
        var output = folder.resolve("listed");

        var lists =
                OtherJvm.start(
                        "64m",
                        output,
                        "newest",
                        folder.resolve("state").toString(),
                        command.toString());
        try {
            assertThat(lists.waitFor(60, SECONDS)).isTrue();
        } finally {
            lists.destroyForcibly().waitFor();
        }

        assertThat(
                        Files.readAllLines(output).stream()
                                .filter(line -> line.endsWith(" " + MEBIBYTE)))
                .as(Files.readString(output))
                .containsExactlyElementsOf(
                        ids.subList(0, 10).stream().map(id -> id + " " + MEBIBYTE).toList());
    }

    @Test
    void aListedPromptIsThereOnceAndNotAlsoAsClaudeReadsIt() throws Exception {
        var folder = temporary.toRealPath();
        var command = new FakeClaude(folder.resolve("fake")).command();
        var server =
                new WiredServer(
                        folder.resolve("state"),
                        command,
                        Map.of("phone-opus.consult.prefix", "You advise."));
        server.spool.accept(server.request(folder, "Why?"), () -> {});

        var jobs = server.lists.list(new JobFilter(null, null, null, null, 10)).jobs();

        assertThat(jobs)
                .singleElement()
                .satisfies(job ->
                        assertThat(job.request().effectivePrompt())
                                .isSameAs(job.request().consult().prompt()));
    }

    /** One that waits for its start, accepted so many milliseconds after a fixed time. */
    private static JobId queued(Path folder, Path command, int ms) throws IOException {
        var clock = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L + ms), ZoneOffset.UTC);
        var server = new WiredServer(folder.resolve("state"), command, clock, Map.of());
        var request = server.request(folder, "x".repeat(MEBIBYTE));
        server.spool.accept(request, () -> {});
        return request.jobId();
    }
}

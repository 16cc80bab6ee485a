package phoneopus.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaudeLogTests {
    private static final String SESSION = "399c3241-20ab-4480-a9f1-2c1142de3308";

    @TempDir Path transcripts;

    @Test
    void theTranscriptIsThatOfItsSession() throws IOException {
        Files.createDirectory(transcripts.resolve("-home-a"));
        var project = Files.createDirectory(transcripts.resolve("-home-b"));
        Files.writeString(project.resolve("another.jsonl"), "{}\n");
        var log = new ClaudeLog(transcripts);
        begin(log, SESSION);

        var beforeItIsWritten = log.transcript();
        var written = Files.writeString(project.resolve(SESSION + ".jsonl"), "{}\n");

        assertThat(beforeItIsWritten).isEmpty();
        assertThat(log.transcript()).contains(written);
    }

    @Test
    void aSessionThatIsNoneLeadsNowhere() throws IOException {
        Files.createDirectory(transcripts.resolve("-home-a"));
        Files.writeString(transcripts.resolve("elsewhere.jsonl"), "{}\n");
        var log = new ClaudeLog(transcripts);
        begin(log, "../elsewhere");

        assertThat(log.transcript()).isEmpty();
    }

    private static void begin(ClaudeLog log, String session) {
        var event =
                """
                {"type":"system","subtype":"init","session_id":"%s","cwd":"/","tools":[],"model":"opus"}\
                """
                        .formatted(session);
        log.line(event.getBytes(UTF_8));
    }
}

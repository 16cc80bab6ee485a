package phoneopus.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.run.RunLog;

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

    /** Claude finds a session only in the directory that it was begun in. */
    @Test
    void aSessionThatIsNotFoundHereIsToldByItsDirectory() throws IOException {
        var project = Files.createDirectory(transcripts.resolve("-home-a-repository"));
        Files.writeString(
                project.resolve(SESSION + ".jsonl"),
                """
                {"type":"summary","summary":"no directory here"}
                half a li
                {"type":"user","cwd":"/home/a/repository","sessionId":"%s"}
                {"type":"user","cwd":"/home/a/repository/src","sessionId":"%s"}
                """
                        .formatted(SESSION, SESSION));

        assertThat(wordsOf(SESSION))
                .isEqualTo(
                        "No conversation found with session ID: %s (that session was begun in /home/a/repository: resume it with that cwd)"
                                .formatted(SESSION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"cwd\":7}", "{\"cwd\":\"relative\"}", "\u0000"})
    void whereItsTranscriptNamesNoDirectoryClaudesWordsStand(String content) throws IOException {
        var project = Files.createDirectory(transcripts.resolve("-home-a"));
        Files.writeString(project.resolve(SESSION + ".jsonl"), content);

        assertThat(wordsOf(SESSION)).isEqualTo("No conversation found with session ID: " + SESSION);
    }

    private String wordsOf(String session) throws IOException {
        var report =
                new ClaudeLog(transcripts)
                        .report(
                                new RunLog.Remains(
                                        new Limits(
                                                Duration.ofMinutes(60),
                                                Duration.ofMinutes(20),
                                                Limits.USUAL_GRACE),
                                        null,
                                        1,
                                        "No conversation found with session ID: " + session,
                                        Instant.EPOCH));
        var refused = (Outcome.Refused) report.outcome();
        assertThat(refused.refusal()).isEqualTo(Refusal.SESSION_NOT_FOUND);
        return refused.words();
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

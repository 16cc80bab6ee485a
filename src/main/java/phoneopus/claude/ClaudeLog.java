package phoneopus.claude;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Activity;
import phoneopus.run.Outcome;
import phoneopus.run.RunLog;
import phoneopus.run.RunReport;

/** The output of a run of Claude. */
final class ClaudeLog implements RunLog {
    private final EventReader events = new EventReader();
    private final Path transcripts;
    private @Nullable Path transcript;

    /**
     * @param transcripts the folder of Claude's sessions
     */
    ClaudeLog(Path transcripts) {
        this.transcripts = transcripts;
    }

    @Override
    public void line(byte[] line) {
        events.line(line);
    }

    @Override
    public Activity activity() {
        return events.activity();
    }

    @Override
    public boolean resultSeen() {
        return events.result().isPresent();
    }

    /** Claude writes each step of a session to its transcript, also while it prints no events. */
    @Override
    public Optional<Path> transcript() throws IOException {
        String session = events.sessionId().orElse("");
        if (transcript == null
                && session.matches("[0-9a-fA-F-]{36}")
                && Files.isDirectory(transcripts)) {
            try (DirectoryStream<Path> projects = Files.newDirectoryStream(transcripts)) {
                for (Path project : projects) {
                    Path file = project.resolve(session + ".jsonl");
                    if (Files.exists(file)) {
                        transcript = file;
                        break;
                    }
                }
            }
        }
        return Optional.ofNullable(transcript);
    }

    @Override
    public RunReport report(Remains remains) {
        Outcome outcome =
                new OutcomeClassifier(events, remains.limits(), remains.lastLine())
                        .of(remains.marked(), remains.exit(), remains.stderr());
        return new RunReport(outcome, events.sessionBegun(), events.costIncludesEarlierRuns());
    }
}

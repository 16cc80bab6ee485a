package phoneopus.claude;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import phoneopus.files.RegularFiles;
import phoneopus.run.Activity;
import phoneopus.run.Outcome;
import phoneopus.run.Refusal;
import phoneopus.run.RunLog;
import phoneopus.run.RunReport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The output of a run of Claude. */
final class ClaudeLog implements RunLog {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The number of lines to read: the first lines of a transcript may name no directory. */
    private static final int LINES_READ = 20;

    private static final int BYTES_READ = 1024 * 1024;

    private static final Pattern SESSION =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final EventReader events = new EventReader();
    private final Path transcripts;
    private @Nullable Path transcript;

    /**
     * @param transcripts the folder of Claude's sessions, with files {@code
     *     directory/session.jsonl}; most lines contain the session's {@code cwd}, the only
     *     directory where it can be resumed
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
        if (transcript == null) {
            transcript = transcriptOf(events.sessionId().orElse("")).orElse(null);
        }
        return Optional.ofNullable(transcript);
    }

    @Override
    public RunReport report(Remains remains) {
        Outcome outcome =
                new OutcomeClassifier(events, remains.limits(), remains.lastLine())
                        .of(remains.marked(), remains.exit(), remains.stderr());
        return new RunReport(
                withDirectoryOfSession(outcome),
                events.sessionBegun(),
                events.costIncludesEarlierRuns());
    }

    /** For a session that is not found here, says where it can be resumed. */
    private Outcome withDirectoryOfSession(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused
                && refused.refusal() == Refusal.SESSION_NOT_FOUND) {
            Matcher session = SESSION.matcher(refused.words());
            Optional<String> directory =
                    session.find() ? directoryOf(session.group()) : Optional.empty();
            if (directory.isPresent()) {
                return new Outcome.Refused(
                        refused.refusal(),
                        refused.words()
                                + " (that session was begun in %s: resume it with that cwd)"
                                        .formatted(directory.get()),
                        refused.retryable(),
                        refused.totalCostUsd());
            }
        }
        return outcome;
    }

    /**
     * The transcript of that session; empty if there is none or the text is not a session's name.
     */
    private Optional<Path> transcriptOf(String session) throws IOException {
        if (!SESSION.matcher(session).matches() || !Files.isDirectory(transcripts)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(transcripts)) {
            for (Path directory : directories) {
                Path file = directory.resolve(session + ".jsonl");
                if (Files.exists(file)) {
                    return Optional.of(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return Optional.empty();
    }

    /** The directory in which that session began; empty if unknown. */
    private Optional<String> directoryOf(String session) {
        try {
            Optional<Path> file = transcriptOf(session);
            return file.isEmpty() ? Optional.empty() : directoryIn(file.get());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> directoryIn(Path file) throws IOException {
        try (var channel = RegularFiles.open(file)) {
            byte[] start = Channels.newInputStream(channel).readNBytes(BYTES_READ);
            return new String(start, StandardCharsets.UTF_8)
                    .lines()
                    .limit(LINES_READ)
                    .map(ClaudeLog::directory)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
    }

    private static Optional<String> directory(String line) {
        try {
            JsonNode cwd = JSON.readTree(line).path("cwd");
            return cwd.asStringOpt().filter(path -> path.startsWith("/"));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }
}

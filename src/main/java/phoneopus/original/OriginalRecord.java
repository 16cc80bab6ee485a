package phoneopus.original;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import phoneopus.claude.Consult;
import phoneopus.claude.Effort;
import phoneopus.run.Answer;
import phoneopus.run.OtherProcess;
import phoneopus.run.Outcome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.JobStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of one of the original program's files. A missing value, or one of an unexpected
 * type, is null.
 *
 * @param runnerPid the process that runs it; null if unknown or over
 * @param ended null if the file does not say that it is over
 */
record OriginalRecord(
        JobRequest request,
        JobStatus status,
        Instant updated,
        @Nullable Instant started,
        @Nullable Long runnerPid,
        @Nullable Completion ended) {

    private static final JsonMapper JSON = new JsonMapper();

    /** The largest file to read: no answer is that long, and every server reads these files. */
    private static final DataSize LARGEST = DataSize.ofMegabytes(32);

    /**
     * The longest time from its acceptance until its runner records its pid; after that it counts
     * as dead.
     */
    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    /**
     * Reads it.
     *
     * @throws FileSystemException if it is unreadable; its reason says why
     */
    static OriginalRecord read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            // Reading a pipe would never end.
            throw unreadable(file, "it is not a file");
        }
        if (Files.size(file) > LARGEST.toBytes()) {
            throw unreadable(file, "it is larger than " + LARGEST.toMegabytes() + " MB");
        }
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException _) {
            throw unreadable(file, "it is not valid JSON");
        }
        return of(file, json);
    }

    private static OriginalRecord of(Path file, JsonNode json) throws IOException {
        JobId id = JobId.parse(json.path("job_id").stringValue("")).orElse(null);
        if (id == null) {
            throw unreadable(file, "it has no job_id");
        }
        String word = json.path("status").stringValue("");
        JobStatus status =
                Arrays.stream(JobStatus.values())
                        .filter(known -> known.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> unreadable(file, "its status is unknown"));
        Instant known = OriginalValues.time(json.path("updated_unix_ms"));
        Instant updated =
                known == null
                        ? Instant.ofEpochMilli(Files.getLastModifiedTime(file).toMillis())
                        : known;
        Instant started = OriginalValues.time(json.path("started_unix_ms"));
        Outcome outcome = outcome(json, status);
        if (outcome == null && status.done()) {
            throw unreadable(file, "it is marked as succeeded but has no answer");
        }
        return new OriginalRecord(
                request(id, json, updated),
                status,
                updated,
                started,
                status.done() ? null : OriginalValues.whole(json.path("runner_pid")),
                outcome == null ? null : ended(json, updated, outcome));
    }

    /** The runner, if it is alive. */
    Optional<OtherProcess> runner() {
        return runnerPid == null ? Optional.empty() : OtherProcess.find(runnerPid, updated);
    }

    /** Whether it may still be running. */
    boolean goesOn(Instant now) {
        if (ended != null) {
            return false;
        }
        return runnerPid == null
                ? Duration.between(updated, now).compareTo(LONGEST_START) < 0
                : runner().isPresent();
    }

    /** The job while it runs. */
    Job job() {
        return new Job(request, request.mode(), status, started, runnerPid, null);
    }

    /** A completion for a file that does not record the end. */
    Completion endedAs(Outcome outcome) {
        return new Completion(updated, null, outcome, null, started);
    }

    private static @Nullable Outcome outcome(JsonNode json, JobStatus status) {
        return switch (status) {
            case SUCCEEDED -> answered(json.path("result"));
            case CANCELLED -> new Outcome.Cancelled();
            case FAILED -> OriginalFailure.of(json.path("failure"), took(json));
            case QUEUED, RUNNING -> null;
        };
    }

    private static Completion ended(JsonNode json, Instant updated, Outcome outcome) {
        Instant finished = OriginalValues.time(json.path("finished_unix_ms"));
        // For a resumed session the total includes earlier consults.
        Double cost =
                OriginalValues.uuid(json.path("request").path("session_id")) == null
                        ? OriginalValues.number(json.path("result").path("total_cost_usd"))
                        : null;
        return new Completion(
                finished == null ? updated : finished,
                cost,
                outcome,
                null,
                OriginalValues.time(json.path("started_unix_ms")));
    }

    private static Duration took(JsonNode json) {
        Instant started = OriginalValues.time(json.path("started_unix_ms"));
        Instant finished = OriginalValues.time(json.path("finished_unix_ms"));
        return started == null || finished == null || finished.isBefore(started)
                ? Duration.ZERO
                : Duration.between(started, finished);
    }

    private static JobRequest request(JobId id, JsonNode json, Instant updated) {
        JsonNode asked = json.path("request");
        String prompt = asked.path("prompt").stringValue("");
        Instant created = OriginalValues.time(json.path("created_unix_ms"));
        UUID requested = OriginalValues.uuid(asked.path("session_id"));
        UUID session = OriginalValues.uuid(json.path("result").path("session_id"));
        if (session == null) {
            session = OriginalValues.uuid(json.path("session_id"));
        }
        return new JobRequest(
                id,
                json.path("mode").stringValue("").equals("sync")
                        ? JobMode.SYNC
                        : JobMode.BACKGROUND,
                created == null ? updated : created,
                new Consult(
                        prompt,
                        asked.path("cwd").stringValue(""),
                        OriginalValues.count(asked.path("max_turns")),
                        requested,
                        OriginalValues.text(asked.path("model")),
                        Arrays.stream(Effort.values())
                                .filter(it ->
                                        it.word().equals(asked.path("effort").stringValue("")))
                                .findFirst()
                                .orElse(null),
                        null),
                prompt,
                json.path("prompt_prefix_injected").booleanValue(false),
                session == null ? requested : session,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                null,
                null);
    }

    /** Null if there is no answer. */
    private static @Nullable Outcome answered(JsonNode result) {
        if (!result.path("response").isString()) {
            return null;
        }
        return new Outcome.Answered(
                new Answer(
                        result.path("response").stringValue(""),
                        OriginalValues.model(result.path("model_usage")),
                        OriginalValues.whole(result.path("duration_ms")),
                        OriginalValues.whole(result.path("duration_api_ms")),
                        OriginalValues.count(result.path("num_turns")),
                        OriginalValues.text(result.path("stop_reason")),
                        OriginalValues.uuid(result.path("session_id")),
                        OriginalValues.number(result.path("total_cost_usd")),
                        result.get("usage"),
                        result.get("model_usage"),
                        result.get("permission_denials"),
                        OriginalValues.text(result.path("fast_mode_state")),
                        OriginalValues.text(result.path("uuid"))));
    }

    private static FileSystemException unreadable(Path file, String why) {
        return new FileSystemException(file.toString(), null, why);
    }
}

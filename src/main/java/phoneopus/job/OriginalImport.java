package phoneopus.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import phoneopus.claude.Answer;
import phoneopus.claude.Effort;
import phoneopus.claude.Outcome;
import phoneopus.claude.Refusal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes over what the original program, which this one replaces, has kept in the same state
 * directory: finished consults as they are, those whose process is gone as interrupted. Those that
 * live are left to it. Its files are not touched.
 */
@Component
class OriginalImport {
    private static final Logger log = LoggerFactory.getLogger(OriginalImport.class);

    private final JsonMapper json = new JsonMapper();
    private final StateDirectory state;
    private final Spool spool;
    private final Books books;
    private final Clock clock;

    OriginalImport(StateDirectory state, Spool spool, Books books, Clock clock) {
        this.state = state;
        this.spool = spool;
        this.books = books;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 2, fixedDelay = 600, timeUnit = TimeUnit.SECONDS)
    void takeOver() {
        try {
            Path jobs = state.path().resolve("mcp/consult_jobs");
            if (!Files.isDirectory(jobs)) {
                return;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(jobs, "*.json")) {
                for (Path file : files) {
                    if (!known(file)) {
                        takeOver(file);
                    }
                }
            }
        } catch (IOException e) {
            log.warn("consults of the original program not taken over: {}", e.getMessage());
        }
    }

    /** By its name: there may be thousands, and every start would read them all. */
    private boolean known(Path file) throws IOException {
        String name = file.getFileName().toString();
        Optional<JobId> id = JobId.parse(name.substring(0, name.lastIndexOf('.')));
        return id.isPresent() && spool.imported(id.get());
    }

    private void takeOver(Path file) throws IOException {
        JsonNode record;
        try {
            record = json.readTree(Files.readAllBytes(file));
        } catch (JacksonException | IOException e) {
            log.warn("file={} of the original program is unreadable", file.getFileName());
            return;
        }
        Optional<JobId> id = JobId.parse(record.path("job_id").stringValue(""));
        if (id.isEmpty() || spool.imported(id.get())) {
            return;
        }
        Optional<Outcome> outcome = outcome(record);
        if (outcome.isEmpty()) {
            return;
        }
        long finished =
                record.path("finished_unix_ms")
                        .longValue(record.path("updated_unix_ms").longValue(clock.millis()));
        Double cost = number(record.path("result").path("total_cost_usd"));
        spool.keep(request(id.get(), record), new Ended(finished, cost, outcome.get()));
        books.write(id.get());
        log.info("job={} taken over from the original program", id.get());
    }

    /** Empty where it still runs. */
    private static Optional<Outcome> outcome(JsonNode record) {
        return switch (record.path("status").stringValue("")) {
            case "succeeded" -> Optional.of(new Outcome.Answered(answer(record.path("result"))));
            case "cancelled" -> Optional.of(new Outcome.Cancelled());
            case "failed" -> Optional.of(failure(record.path("failure")));
            default ->
                    alive(record)
                            ? Optional.empty()
                            : Optional.of(
                                    new Outcome.Interrupted(
                                            "the original program's process is gone"));
        };
    }

    private static Outcome failure(JsonNode failure) {
        String detail = failure.path("detail").stringValue("no word was kept");
        return switch (failure.path("class").stringValue("")) {
            case "timeout" -> new Outcome.TimedOut(Duration.ZERO);
            case "process" -> new Outcome.Interrupted(detail);
            default -> new Outcome.Refused(Refusal.CLAUDE_ERROR, detail, false, null);
        };
    }

    /**
     * Whether its process lives: one that has its pid but started after its last word is another.
     */
    private static boolean alive(JsonNode record) {
        long updated = record.path("updated_unix_ms").longValue(Long.MAX_VALUE);
        return ProcessHandle.of(record.path("runner_pid").longValue(0))
                .flatMap(process -> process.info().startInstant())
                .filter(started -> started.isBefore(Instant.ofEpochMilli(updated).plusSeconds(1)))
                .isPresent();
    }

    private static JobRequest request(JobId id, JsonNode record) {
        JsonNode asked = record.path("request");
        String prompt = asked.path("prompt").stringValue("");
        UUID requested = uuid(asked.path("session_id"));
        UUID session = uuid(record.path("result").path("session_id"));
        return new JobRequest(
                id,
                JobMode.BACKGROUND,
                record.path("created_unix_ms").longValue(0),
                null,
                prompt,
                prompt,
                record.path("prompt_prefix_injected").booleanValue(false),
                asked.path("cwd").stringValue("/"),
                asked.path("max_turns").isInt() ? asked.path("max_turns").intValue() : null,
                requested,
                session == null ? (requested == null ? id.value() : requested) : session,
                asked.path("model").stringValue("opus"),
                Effort.MAX,
                Duration.ZERO,
                Duration.ZERO,
                List.of());
    }

    private static Answer answer(JsonNode result) {
        return new Answer(
                result.path("response").stringValue(""),
                null,
                whole(result.path("duration_ms")),
                whole(result.path("duration_api_ms")),
                result.path("num_turns").isInt() ? result.path("num_turns").intValue() : null,
                text(result.path("stop_reason")),
                uuid(result.path("session_id")),
                number(result.path("total_cost_usd")),
                result.get("usage"),
                result.get("model_usage"),
                result.get("permission_denials"),
                text(result.path("fast_mode_state")),
                text(result.path("uuid")));
    }

    private static @Nullable UUID uuid(JsonNode node) {
        return JobId.parse(node.stringValue("")).map(JobId::value).orElse(null);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static @Nullable Long whole(JsonNode node) {
        return node.isNumber() ? (Long) node.longValue() : null;
    }

    private static @Nullable Double number(JsonNode node) {
        return node.isNumber() ? (Double) node.doubleValue() : null;
    }
}

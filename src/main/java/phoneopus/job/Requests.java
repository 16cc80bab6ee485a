package phoneopus.job;

import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;
import phoneopus.claude.Arguments.Question;
import phoneopus.claude.Claude;
import phoneopus.claude.ClaudeProperties;
import phoneopus.spool.JobId;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Spool;

/** Turns a consult into a request, with everything that the settings decide. */
@Component
public class Requests {
    private final Claude claude;
    private final ClaudeProperties claudeProperties;
    private final ConsultProperties properties;
    private final Spool spool;
    private final Clock clock;

    Requests(
            Claude claude,
            ClaudeProperties claudeProperties,
            ConsultProperties properties,
            Spool spool,
            Clock clock) {
        this.claude = claude;
        this.claudeProperties = claudeProperties;
        this.properties = properties;
        this.spool = spool;
        this.clock = clock;
    }

    public JobRequest freeze(Consult consult, JobMode mode) throws IOException {
        JobId id = JobId.random();
        String model = consult.model() == null ? claudeProperties.model() : consult.model();
        var effort = consult.effort() == null ? claudeProperties.effort() : consult.effort();
        UUID session = consult.sessionId() == null ? UUID.randomUUID() : consult.sessionId();
        boolean prefixed = !properties.prefix().isBlank();
        Question question =
                new Question(
                        consult.cwd(),
                        model,
                        effort,
                        consult.maxTurns(),
                        session,
                        consult.sessionId() != null);
        return new JobRequest(
                id,
                mode,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                consult.principal(),
                consult.prompt(),
                prefixed
                        ? properties.prefix().strip() + "\n\n" + consult.prompt()
                        : consult.prompt(),
                prefixed,
                consult.cwd().toString(),
                consult.maxTurns(),
                consult.sessionId(),
                session,
                model,
                effort,
                properties.timeout(),
                properties.stallTimeout(),
                claude.command(question, spool.directory(id)),
                properties.resultGrace(),
                claude.starter());
    }
}

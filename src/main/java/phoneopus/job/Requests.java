package phoneopus.job;

import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;
import phoneopus.claude.Claude;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Consult;
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
        Consult complete = consult.orElse(claudeProperties);
        UUID session = consult.sessionId() == null ? UUID.randomUUID() : consult.sessionId();
        boolean prefixed = !properties.prefix().isBlank();
        return new JobRequest(
                id,
                mode,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                complete,
                prefixed
                        ? properties.prefix().strip() + "\n\n" + consult.prompt()
                        : consult.prompt(),
                prefixed,
                session,
                properties.timeout(),
                properties.stallTimeout(),
                claude.command(complete, session, spool.directory(id)),
                properties.resultGrace(),
                claude.starter());
    }
}

package phoneopus.tool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.job.ConsultProperties;

/** Decides how long a call may wait, so that it answers before its client gives up. */
@Component
class Patience {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final ConsultProperties properties;

    Patience(ConsultProperties properties) {
        this.properties = properties;
    }

    /**
     * How long a consult may wait.
     *
     * @param client the client's name; null if it gives none
     * @return null to wait forever
     */
    @Nullable Duration ofConsult(@Nullable String client) {
        Duration patience = properties.patienceOf(client == null ? "" : client);
        return patience.isZero() ? null : patience;
    }

    /**
     * How long {@code consult_wait} may wait.
     *
     * @param asked the seconds the caller asks for; null for as long as its client allows
     */
    Duration ofWait(@Nullable String client, @Nullable Integer asked) {
        Duration ofConsult = ofConsult(client);
        Duration ceiling =
                ofConsult == null || ofConsult.compareTo(LONGEST_WAIT) > 0
                        ? LONGEST_WAIT
                        : ofConsult;
        Duration wanted = asked == null ? ceiling : Duration.ofSeconds(asked);
        return wanted.compareTo(ceiling) > 0 ? ceiling : wanted;
    }
}

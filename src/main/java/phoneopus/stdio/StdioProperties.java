package phoneopus.stdio;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the stdio server.
 *
 * @param idle how long a silent client is served; 0: for ever
 */
@ConfigurationProperties("phone-opus.stdio")
public record StdioProperties(
        @DefaultValue("12h") @DurationMin(message = "must be 0s or more") Duration idle) {}

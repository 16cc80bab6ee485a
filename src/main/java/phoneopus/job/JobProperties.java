package phoneopus.job;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long consults that are over are kept.
 *
 * @param keep from their end
 * @param keepAtLeast so many of the newest, however old they are
 */
@ConfigurationProperties("phone-opus.jobs")
record JobProperties(
        @DefaultValue("30d") @DurationMin(message = "must be 0s or more") Duration keep,
        @DefaultValue("200") @Min(0) int keepAtLeast) {}

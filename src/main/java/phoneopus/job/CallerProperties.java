package phoneopus.job;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one caller may have: only over HTTP do callers have names.
 *
 * @param maxConcurrentPerKey consults of a caller that are not over, all servers of the state
 *     directory together
 */
@ConfigurationProperties("phone-opus.http")
record CallerProperties(@DefaultValue("4") @Min(1) int maxConcurrentPerKey) {}

package phoneopus.job;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.constraints.Min;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import phoneopus.run.Limits;

/**
 * The settings of consults.
 *
 * @param prefix text put before every prompt; blank for none
 * @param patience how long a call waits for its answer before the consult becomes a background job;
 *     0 waits forever; if absent, chosen by the client's name
 * @param patienceByClient the patience of further clients by name, or other values for known
 *     clients
 * @param timeout the longest run, from the start of the command
 * @param stallTimeout the longest silence of a running command
 * @param resultGrace the longest wait for a command to exit after its result
 * @param maxConcurrent commands running at once, all servers of the state directory together
 * @param queueCapacity queued consults, all servers of the state directory together
 * @param maxPromptSize the longest prompt, in bytes of UTF-8
 * @param maxResponseChars code points of an answer returned at once
 * @param allowedRoots directories a consult may be about, including all below them; empty: any
 */
@ConfigurationProperties("phone-opus.consult")
public record ConsultProperties(
        @DefaultValue(BUILT_IN_PREFIX) String prefix,
        @DurationMin(message = "must be 0s or more") @Nullable Duration patience,
        @DefaultValue
                Map<String, @DurationMin(message = "must be 0s or more") Duration> patienceByClient,
        @DefaultValue("60m") @DurationMin(seconds = 1, message = "must be at least 1s")
                Duration timeout,
        @DefaultValue("20m") @DurationMin(seconds = 1, message = "must be at least 1s")
                Duration stallTimeout,
        @DefaultValue("5s") @DurationMin(message = "must be 0s or more") Duration resultGrace,
        @DefaultValue("4") @Min(1) int maxConcurrent,
        @DefaultValue("100") @Min(0) int queueCapacity,
        @DefaultValue("1MB") @AtLeastOneByte DataSize maxPromptSize,
        @DefaultValue("40000") @Min(1000) int maxResponseChars,
        @DefaultValue List<Path> allowedRoots) {

    static final String BUILT_IN_PREFIX =
            "You are the adviser of another coding model, which phones you for a second opinion."
                    + " Look at whatever in this directory helps, but edit nothing and start nothing that lasts."
                    + " Answer with a prioritised, actionable report: what matters most first, each point with the evidence"
                    + " (file and line where there is one) and what to do about it. Say plainly what you did not check.";

    private static final Duration OF_ANY_CLIENT = Duration.ofSeconds(25);

    /** How long a call of that client waits; 0 = forever. */
    public Duration patienceOf(String client) {
        if (patience != null) {
            return patience;
        }
        Duration set = patienceByClient.get(client);
        return set != null
                ? set
                : KnownClient.named(client).map(KnownClient::patience).orElse(OF_ANY_CLIENT);
    }

    Limits limits() {
        return new Limits(timeout, stallTimeout, resultGrace);
    }

    /** A size of at least one byte; the validator has no constraint for sizes. */
    @Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = AtLeastOneByte.Validator.class)
    @interface AtLeastOneByte {
        String message() default "must be at least 1B";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};

        final class Validator implements ConstraintValidator<AtLeastOneByte, DataSize> {
            @Override
            public boolean isValid(DataSize size, ConstraintValidatorContext context) {
                return size.toBytes() >= 1;
            }
        }
    }
}

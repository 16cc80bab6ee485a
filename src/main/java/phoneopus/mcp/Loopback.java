package phoneopus.mcp;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;

/** An address of this machine alone. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Loopback.Validator.class)
@interface Loopback {
    String message() default "must be a loopback address in digits, 127.0.0.1 or ::1";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    final class Validator implements ConstraintValidator<Loopback, String> {
        @Override
        public boolean isValid(String value, ConstraintValidatorContext context) {
            try {
                return InetAddress.ofLiteral(value).isLoopbackAddress();
            } catch (IllegalArgumentException _) {
                return false;
            }
        }
    }
}

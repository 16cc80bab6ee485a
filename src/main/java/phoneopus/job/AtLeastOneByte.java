package phoneopus.job;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.util.unit.DataSize;

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

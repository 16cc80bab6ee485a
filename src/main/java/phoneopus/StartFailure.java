package phoneopus;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Why there is no server: one sentence that names the setting, its value and what is allowed. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(Throwable cause) {
        super(sentence(cause), cause);
    }

    static String sentence(Throwable failure) {
        String prefix = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case BindValidationException e -> {
                    return e.getValidationErrors().getAllErrors().stream()
                            .map(error ->
                                    sentence(e.getValidationErrors().getName().toString(), error))
                            .collect(Collectors.joining(" "));
                }
                case BindException e
                        when e.getProperty() != null
                                && !(e.getCause() instanceof BindException) -> {
                    prefix =
                            sentence(
                                    e.getProperty(), e.getTarget().getType().resolve(Object.class));
                }
                default -> {}
            }
        }
        if (!prefix.isEmpty()) {
            return prefix;
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "phone-opus could not start: " + root.getMessage();
    }

    private static String sentence(String prefix, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return "%s cannot be used: %s.".formatted(prefix, error.getDefaultMessage());
        }
        return "Setting %s.%s is `%s`, but it %s."
                .formatted(
                        prefix,
                        kebab(field.getField()),
                        field.getRejectedValue(),
                        field.getDefaultMessage());
    }

    private static String sentence(ConfigurationProperty property, Class<?> type) {
        return "Setting %s is `%s`, but it must be %s."
                .formatted(property.getName(), property.getValue(), wanted(type));
    }

    private static String wanted(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as 90s, 20m or 1h";
        }
        if (type == DataSize.class) {
            return "a size such as 512KB or 1MB";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        return "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String kebab(String field) {
        return field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}

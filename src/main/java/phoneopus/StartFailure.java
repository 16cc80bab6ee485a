package phoneopus;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Why a start failed: one sentence that names the setting, its value and what is allowed. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String UNREADABLE =
            "files of its installation cannot be read. The installation is being replaced or is damaged, or the limit on open files (ulimit -n) is too low: start it again, or reinstall it.";

    /** A Java class name, which means nothing to a user. */
    private static final Pattern CLASS = Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.){2,}[A-Z]\\w*");

    StartFailure(Throwable cause) {
        super(sentence(cause), cause);
    }

    /**
     * The sentence for a failure. If classes cannot be loaded, those that would describe the
     * failure may be among them.
     */
    static String sentence(Throwable failure) {
        try {
            return said(failure);
        } catch (LinkageError _) {
            return "phone-opus could not start: " + UNREADABLE;
        }
    }

    private static String said(Throwable failure) {
        String prefix = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case BindValidationException e -> {
                    ValidationErrors errors = e.getValidationErrors();
                    return errors.getAllErrors().stream()
                            .map(error -> sentence(errors, error))
                            .collect(Collectors.joining(" "));
                }
                case BindException e
                        when e.getProperty() != null
                                && !(e.getCause() instanceof BindException) -> {
                    prefix =
                            sentence(
                                    e.getProperty(), e.getTarget().getType().resolve(Object.class));
                }
                case PortInUseException e -> {
                    return "phone-opus could not start: port %d is in use by another program. Choose another one with --port or phone-opus.http.port."
                            .formatted(e.getPort());
                }
                case MarkedYAMLException e -> {
                    return "phone-opus could not start: %s is not valid YAML%s: %s."
                            .formatted(
                                    malformed(),
                                    e.getProblemMark() == null
                                            ? ""
                                            : " at line " + (e.getProblemMark().getLine() + 1),
                                    e.getProblem());
                }
                default -> {}
            }
        }
        if (!prefix.isEmpty()) {
            return prefix;
        }
        return "phone-opus could not start: " + reason(failure);
    }

    /** The settings file that is not YAML; the parser does not know the name of what it reads. */
    private static String malformed() {
        for (Path folder : SettingsFolders.all()) {
            Path file = folder.resolve("application.yaml");
            try (Reader text = Files.newBufferedReader(file)) {
                new Yaml().parse(text).forEach(event -> {});
            } catch (YAMLException _) {
                return file.toString();
            } catch (IOException _) {
                // Not this one.
            }
        }
        return "an application.yaml, the user's or the installation's,";
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
            String said = String.valueOf(cause.getMessage());
            if (said.contains("Too many open files")) {
                return "the limit on open files is too low. Raise it, for example with `ulimit -n 1024`.";
            }
            if (cause instanceof CharacterCodingException) {
                return "an application.yaml, the user's or the installation's, is not UTF-8 text. Save it as UTF-8.";
            }
            if (cause instanceof OutOfMemoryError error) {
                return said.contains("thread")
                        ? "the limit on threads is too low. Raise it, for example with `ulimit -u 1000`."
                        : FatalErrorHandler.sentence(error);
            }
        }
        if (root instanceof LinkageError || failure instanceof LinkageError) {
            return UNREADABLE;
        }
        String words = String.valueOf(root.getMessage()).replaceAll("\\s+", " ");
        if (root instanceof Error || CLASS.matcher(words).find()) {
            LoggerFactory.getLogger(StartFailure.class).debug("the start failed", failure);
            return "there is a bug, or a setting of the framework is wrong. Start it with --logging.level.phoneopus=debug to see the cause.";
        }
        return words;
    }

    private static String sentence(ValidationErrors errors, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return "%s cannot be used: %s.".formatted(errors.getName(), error.getDefaultMessage());
        }
        String name = errors.getName() + "." + SettingNames.kebab(field.getField());
        return "Setting %s is `%s`, but it %s."
                .formatted(name, given(errors, name, field), field.getDefaultMessage());
    }

    /** The value as the user typed it: a bound duration reads {@code PT-5M}. */
    private static Object given(ValidationErrors errors, String name, FieldError field) {
        return errors.getBoundProperties().stream()
                .filter(property -> property.getName().toString().equals(name))
                .map(ConfigurationProperty::getValue)
                .findFirst()
                .orElseGet(() -> String.valueOf(field.getRejectedValue()));
    }

    /** The sentence for a value that is not of the type. */
    static String sentence(ConfigurationProperty property, Class<?> type) {
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

    /**
     * Keeps Spring from printing a stack trace besides our sentence when a start fails before
     * logging is set up. The set-up of logging restores the logger's level.
     */
    static void keepSpringFromPrintingIt() {
        if (LoggerFactory.getLogger(SpringApplication.class)
                instanceof ch.qos.logback.classic.Logger early) {
            early.setLevel(Level.OFF);
        }
    }
}

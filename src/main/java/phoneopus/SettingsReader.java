package phoneopus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.IgnoreTopLevelConverterNotFoundBindHandler;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.env.Environment;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import phoneopus.claude.ClaudeProperties;
import phoneopus.cli.Application.Setting;
import phoneopus.http.ApiKeysFile;
import phoneopus.http.HttpProperties;
import phoneopus.job.ConsultProperties;
import phoneopus.setup.Settings;
import phoneopus.spool.StateDirectory;

/** Reads the settings as a start does, but continues after an invalid one. */
final class SettingsReader {
    /** An application with nothing but the settings. */
    @ConfigurationPropertiesScan(basePackages = "phoneopus")
    static final class Alone {
        @Bean(name = EnableConfigurationProperties.VALIDATOR_BEAN_NAME)
        static SettingsValidator settingsValidator(Environment environment) {
            return new SettingsValidator(environment);
        }
    }

    private final List<Settings.Fault> faults = new ArrayList<>();
    private final Map<Class<?>, Object> bound = new HashMap<>();

    private SettingsReader() {}

    /**
     * @param location of the settings files
     * @param arguments settings on the command line
     */
    static Settings read(String location, String[] arguments) {
        return new SettingsReader().settings(location, arguments);
    }

    /** All settings, valid or not, then what is set but is none. */
    static List<Setting> list(String location, String[] arguments) {
        try (ConfigurableApplicationContext context = start(location, arguments)) {
            List<Class<?>> records = new ArrayList<>();
            for (String name : context.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
                records.add(Objects.requireNonNull(context.getType(name)));
            }
            List<Setting> all = SettingList.of(context.getEnvironment(), records);
            all.replaceAll(setting ->
                    setting.name().equals("state-dir") && setting.isDefault()
                            ? new Setting(
                                    "state-dir",
                                    new StateDirectory(null).location().toString(),
                                    setting.from())
                            : setting);
            for (SettingNames.Unknown name : SettingNames.unknown(context.getEnvironment())) {
                all.add(new Setting(name.given(), "", "ignored: it does not exist; " + name.fix()));
            }
            return all;
        } catch (RuntimeException e) {
            throw new StartFailure(e);
        }
    }

    private Settings settings(String location, String[] arguments) {
        try (ConfigurableApplicationContext context = start(location, arguments)) {
            for (String name : context.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
                Class<?> type = context.getType(name);
                if (type != null) {
                    bind(context, type);
                }
            }
            return of(context);
        } catch (RuntimeException e) {
            faults.add(fault(e));
            try (ConfigurableApplicationContext context = start("classpath:/", new String[0])) {
                return of(context);
            }
        }
    }

    private static ConfigurableApplicationContext start(String location, String[] arguments) {
        return new SpringApplicationBuilder(Alone.class)
                .web(WebApplicationType.NONE)
                .profiles("terminal")
                .listeners(new PinnedSettings("terminal"))
                .lazyInitialization(true)
                .properties(Map.of("spring.config.location", location))
                .run(arguments);
    }

    /** Replaces invalid settings by their defaults, so that the others are checked too. */
    private void bind(ConfigurableApplicationContext context, Class<?> type) {
        ConfigurationProperties annotation =
                Objects.requireNonNull(
                        AnnotationUtils.findAnnotation(type, ConfigurationProperties.class));
        String prefix = annotation.value();
        BindHandler validating =
                new ValidationBindHandler(
                        new Collecting(), new SettingsValidator(context.getEnvironment()));
        try {
            bound.put(
                    type,
                    Binder.get(context.getEnvironment())
                            .bindOrCreate(prefix, Bindable.of(type), validating));
        } catch (RuntimeException e) {
            faults.add(fault(e));
        }
    }

    /** Records what cannot be read, and continues. */
    private final class Collecting extends IgnoreTopLevelConverterNotFoundBindHandler {
        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name,
                Bindable<?> target,
                BindContext context,
                Exception error)
                throws Exception {
            ConfigurationProperty property = context.getConfigurationProperty();
            if (property == null || error instanceof BindValidationException) {
                return super.onFailure(name, target, context, error);
            }
            faults.add(
                    new Settings.Fault(
                            StartFailure.sentence(property, target.getType().resolve(Object.class)),
                            fix(property)));
            return null;
        }
    }

    private Settings of(ConfigurableApplicationContext context) {
        return new Settings(
                List.copyOf(faults),
                SettingNames.unknown(context.getEnvironment()).stream()
                        .map(name -> new Settings.Fault(name.sentence(), name.fix()))
                        .toList(),
                get(ClaudeProperties.class, "phone-opus.claude"),
                get(ConsultProperties.class, "phone-opus.consult"),
                get(StateDirectory.class, "phone-opus").location(),
                get(HttpProperties.class, "phone-opus.http")
                        .keys()
                        .map(ApiKeysFile::path)
                        .orElse(null));
    }

    /** Returns the defaults if the settings could not be bound or are invalid. */
    private <T> T get(Class<T> type, String prefix) {
        Object known = bound.get(type);
        return known == null
                ? new Binder(new MapConfigurationPropertySource(Map.of()))
                        .bindOrCreate(prefix, type)
                : type.cast(known);
    }

    private static Settings.Fault fault(Throwable failure) {
        return new Settings.Fault(StartFailure.sentence(failure), fix(failure));
    }

    private static String fix(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindValidationException e) {
                return e.getValidationErrors().getAllErrors().stream()
                        .map(error -> fix(e.getValidationErrors(), error))
                        .distinct()
                        .collect(Collectors.joining("; "));
            }
            if (cause instanceof BindException e
                    && e.getProperty() != null
                    && !(e.getCause() instanceof BindException)) {
                return fix(e.getProperty());
            }
        }
        return "correct that application.yaml by hand";
    }

    private static String fix(ValidationErrors errors, ObjectError error) {
        return errors.getBoundProperties().stream()
                .filter(property ->
                        error instanceof FieldError field
                                && (errors.getName() + "." + SettingNames.kebab(field.getField()))
                                        .equals(property.getName().toString()))
                .findFirst()
                .map(SettingsReader::fix)
                .orElse("correct that setting");
    }

    private static String fix(ConfigurationProperty property) {
        @Nullable Origin origin = property.getOrigin();
        if (origin instanceof PropertySourceOrigin wrapper) {
            origin = wrapper.getOrigin();
        }
        return switch (origin) {
            case SystemEnvironmentOrigin variable -> "unset " + variable.getProperty();
            case TextResourceOrigin text -> "correct it in " + text;
            case null, default -> "remove --" + property.getName();
        };
    }
}

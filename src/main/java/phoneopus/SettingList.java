package phoneopus;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import phoneopus.cli.Application.Setting;

/** All settings, each with its value and where that comes from. */
final class SettingList {
    private static final String NOT_SHOWN = "…";

    private final ConfigurableEnvironment environment;

    private SettingList(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /**
     * The settings of those records, by name. The list may be changed.
     *
     * @param records annotated with {@link ConfigurationProperties}
     */
    static List<Setting> of(ConfigurableEnvironment environment, List<Class<?>> records) {
        SettingList list = new SettingList(environment);
        List<Setting> all = new ArrayList<>();
        for (Class<?> type : records) {
            String prefix =
                    Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class))
                            .value();
            Constructor<?> canonical = type.getDeclaredConstructors()[0];
            for (Parameter part : canonical.getParameters()) {
                all.add(list.setting(prefix + "." + SettingNames.kebab(part.getName()), part));
            }
        }
        all.sort(Comparator.comparing(Setting::name));
        return all;
    }

    private Setting setting(String name, Parameter part) {
        List<ConfigurationProperty> given = given(ConfigurationPropertyName.of(name));
        String shown = name.substring(SettingNames.PREFIX.length());
        if (given.isEmpty()) {
            DefaultValue byDefault = part.getAnnotation(DefaultValue.class);
            return new Setting(
                    shown,
                    byDefault == null ? "" : String.join(", ", byDefault.value()),
                    "default");
        }
        String value =
                given.stream()
                        .map(property -> element(property, name))
                        .collect(Collectors.joining(", "));
        return new Setting(shown, withoutSecrets(shown, value), origin(given.getFirst()));
    }

    /** The property with that name or, for a list or a map, those below it. */
    private List<ConfigurationProperty> given(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty whole = source.getConfigurationProperty(name);
            if (whole != null) {
                return List.of(whole);
            }
            if (source instanceof IterableConfigurationPropertySource named) {
                List<ConfigurationProperty> parts =
                        named.stream()
                                .filter(name::isAncestorOf)
                                .map(source::getConfigurationProperty)
                                .filter(Objects::nonNull)
                                .toList();
                if (!parts.isEmpty()) {
                    return parts;
                }
            }
        }
        return List.of();
    }

    /** A value; in a map with its key. */
    private static String element(ConfigurationProperty property, String name) {
        String below = property.getName().toString().substring(name.length());
        String value = String.valueOf(property.getValue());
        return below.startsWith(".") ? below.substring(1) + "=" + value : value;
    }

    /** Variables and arguments for the command may be keys or hold them. */
    private static String withoutSecrets(String name, String value) {
        return switch (name) {
            case "claude.environment", "claude.extra-arguments" ->
                    Arrays.stream(value.split(",", -1))
                            .map(String::strip)
                            .map(word -> withoutSecret(name, word))
                            .collect(Collectors.joining(", "));
            default -> value;
        };
    }

    private static String withoutSecret(String name, String word) {
        int end = word.indexOf('=');
        if (end >= 0) {
            return word.substring(0, end + 1) + NOT_SHOWN;
        }
        return name.equals("claude.environment") || word.startsWith("-") ? word : NOT_SHOWN;
    }

    private static String origin(ConfigurationProperty property) {
        @Nullable Origin origin = property.getOrigin();
        if (origin instanceof PropertySourceOrigin wrapper) {
            origin = wrapper.getOrigin();
        }
        return switch (origin) {
            case SystemEnvironmentOrigin variable -> variable.getProperty();
            case TextResourceOrigin text -> file(text);
            case null, default -> "--" + property.getName();
        };
    }

    private static String file(TextResourceOrigin text) {
        String path;
        try {
            path = text.getResource() == null ? "" : text.getResource().getFile().getPath();
        } catch (IOException _) {
            path = String.valueOf(text.getResource());
        }
        return path
                + Optional.ofNullable(text.getLocation())
                        .map(location -> ":" + (location.getLine() + 1))
                        .orElse("");
    }
}

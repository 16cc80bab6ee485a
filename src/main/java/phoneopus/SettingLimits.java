package phoneopus;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

/**
 * Rejects durations and sizes that the framework accepts: a number without a unit would be
 * milliseconds or bytes, which nobody means, and a duration can be too long to compute with.
 */
final class SettingLimits {
    /** Practically forever; Java can count the nanoseconds of three times as much. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d*");

    private final Iterable<ConfigurationPropertySource> sources;

    SettingLimits(Iterable<ConfigurationPropertySource> sources) {
        this.sources = sources;
    }

    /** Invalid settings by component name, each with what is wrong. */
    Map<String, String> faults(ConfigurationPropertyName prefix, Object settings) {
        Map<String, String> faults = new LinkedHashMap<>();
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            ConfigurationPropertyName name = prefix.append(SettingNames.kebab(component.getName()));
            Object value = value(component, settings);
            if (value instanceof Map<?, ?> values) {
                values.forEach((key, each) ->
                        put(faults, component.getName() + "[" + key + "]", each, null));
            } else {
                put(faults, component.getName(), value, given(name));
            }
        }
        return faults;
    }

    private static void put(
            Map<String, String> faults,
            String component,
            @Nullable Object value,
            @Nullable String given) {
        boolean unitless = given != null && NUMBER.matcher(given).matches();
        if (value instanceof Duration duration) {
            if (unitless) {
                faults.put(component, "must have a unit: %1$ss, %1$sm or %1$sh".formatted(given));
            } else if (duration.compareTo(LONGEST) > 0) {
                faults.put(component, "must be at most " + LONGEST.toDays() + "d");
            }
        } else if (value instanceof DataSize && unitless) {
            faults.put(component, "must have a unit: %1$sB, %1$sKB or %1$sMB".formatted(given));
        }
    }

    private @Nullable String given(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property.getValue().toString().strip();
            }
        }
        return null;
    }

    private static @Nullable Object value(RecordComponent component, Object settings) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}

package phoneopus.claude;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What only this package can make, for the tests of the packages above. */
public final class HandMade {
    private HandMade() {}

    /** With these settings, the defaults for the rest. */
    public static ClaudeProperties properties(Map<String, ?> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("phone-opus.claude", ClaudeProperties.class);
    }

    public static Claude claude(ClaudeProperties properties) {
        return new Claude(
                properties,
                new ClaudeInstallation(
                        properties, System.getenv(), Duration.ofSeconds(5), VersionCache.NONE));
    }
}

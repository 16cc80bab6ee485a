package phoneopus.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.setup.Settings;

/** The application behind the commands. Each command starts only what it needs. */
public interface Application {
    /**
     * Starts everything a consult needs, including the supervision of open consults.
     *
     * @param demo whether a bundled stand-in answers instead of Claude
     */
    ConfigurableApplicationContext start(boolean demo);

    /**
     * Starts the same, and serves clients over HTTP.
     *
     * @param port to listen on; null for that of the settings
     */
    ConfigurableApplicationContext serve(boolean demo, @Nullable Integer port);

    /** Reads the settings without starting anything. */
    Settings settings();

    /** All settings, by name, read without starting anything. */
    List<Setting> config();

    /**
     * A setting.
     *
     * @param name without the prefix
     * @param value as it is given, without secrets; empty if it has none
     * @param from {@code default}, or the variable, file or option that sets it
     */
    record Setting(String name, String value, String from) {
        public boolean isDefault() {
            return from.equals("default");
        }
    }
}

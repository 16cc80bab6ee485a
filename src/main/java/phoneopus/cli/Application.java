package phoneopus.cli;

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

    /** Starts the same, and serves clients over HTTP. */
    ConfigurableApplicationContext serve(boolean demo);

    /** Reads the settings without starting anything. */
    Settings settings();
}

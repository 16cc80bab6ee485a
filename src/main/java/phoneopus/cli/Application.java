package phoneopus.cli;

import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.setup.Settings;

/** The program behind the commands, of which each starts only what it needs. */
public interface Application {
    /**
     * Starts what consults need: it takes care of those of the state directory, too.
     *
     * @param demo with the stand-in for Claude
     */
    ConfigurableApplicationContext start(boolean demo);

    /** The same, serving clients over HTTP. */
    ConfigurableApplicationContext serve(boolean demo);

    /** Reads the settings, and starts nothing. */
    Settings settings();
}

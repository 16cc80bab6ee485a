package phoneopus.cli;

import java.io.Console;
import java.util.Optional;

/** Whether a person sits there. */
public final class Keyboard {
    private Keyboard() {}

    public static boolean attended() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}

package phoneopus.cli;

import java.io.Console;
import java.util.Optional;

/** Tells whether a person is at the keyboard. */
public final class Keyboard {
    private Keyboard() {}

    public static boolean attended() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}

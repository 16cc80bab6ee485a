package phoneopus.cli;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Tells whether a person is at the terminal, and how wide that is. */
public final class Keyboard {
    private Keyboard() {}

    public static boolean attended() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** The number of columns; 80 if nobody is there. */
    static int width() {
        UsageMessageSpec spec = new UsageMessageSpec();
        return spec.autoWidth(attended()).width();
    }
}

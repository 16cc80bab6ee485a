package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import phoneopus.setup.Client;
import phoneopus.setup.MalformedException;
import phoneopus.setup.Registration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code phone-opus uninstall}: takes out what {@code install} has put in. */
@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        header = "Takes phone-opus out of a client's configuration file.",
        description =
                "Where nothing else in the file has changed since, it is what it was before, to the byte.")
final class UninstallCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Parameters(paramLabel = "CLIENT", description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable Client client;

    UninstallCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        Registration registration =
                new Registration(InstallCommand.chosen(client), System.getenv());
        try {
            String title = registration.client().title();
            out.println(
                    registration.uninstall() == Registration.Done.REMOVED
                            ? "%s: taken out of %s".formatted(title, registration.file())
                            : "%s is not registered, nothing to do: %s"
                                    .formatted(title, registration.file()));
            return ExitCode.ANSWERED;
        } catch (MalformedException | IOException e) {
            return InstallCommand.refused(err, registration, e);
        }
    }
}

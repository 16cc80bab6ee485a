package phoneopus.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import phoneopus.doctor.Doctor;
import phoneopus.doctor.Examination;
import phoneopus.doctor.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code phone-opus doctor}: what is wrong, and what to do about it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Says what is wrong with this set-up and which command mends it.",
        description =
                "Looks at everything that a consult needs, here and as a client started from the desktop sees it."
                        + " It changes nothing and asks Claude nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"  0:consults work, as far as can be told", "  3:a MISS was found"})
final class DoctorCommand implements Callable<Integer> {
    private final PrintStream out;
    private final Supplier<Settings> settings;

    @Option(names = "--json", description = "Print one JSON object instead of lines.")
    private boolean json;

    DoctorCommand(PrintStream out, Supplier<Settings> settings) {
        this.out = out;
        this.settings = settings;
    }

    @Override
    public Integer call() {
        Examination examination = new Doctor(settings.get(), System.getenv()).examine();
        out.println(json ? examination.json() : PlainText.of(examination.text()));
        return examination.healthy() ? ExitCode.ANSWERED : ExitCode.SET_UP;
    }
}

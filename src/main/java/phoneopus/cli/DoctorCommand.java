package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import phoneopus.mcp.LineSafeJson;
import phoneopus.setup.Doctor;
import phoneopus.setup.StartCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code phone-opus doctor}: reports problems and their fixes. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Checks this set-up and prints a fix for each problem.",
        description =
                "Checks everything a consult needs, in this shell and for a client started from the desktop."
                        + " Makes no request to Claude. Changes nothing, except that --warm rebuilds the start-up cache.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"  0:no ERROR was found", "  3:an ERROR was found"})
final class DoctorCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;
    private final Application application;

    @Option(names = "--json", description = "Print one JSON object instead of lines.")
    private boolean json;

    @Option(
            names = "--warm",
            description =
                    "First rebuild the start-up cache for this Java; takes about ten seconds.")
    private boolean warm;

    DoctorCommand(PrintStream out, PrintStream err, Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (warm) {
            Optional<String> problem = warmUp();
            if (problem.isPresent()) {
                err.println(PlainText.of(problem.get()));
                return ExitCode.SET_UP;
            }
        }
        Doctor.Report report = new Doctor(application.settings(), System.getenv()).check();
        out.println(json ? LineSafeJson.of(report.json()) : PlainText.of(report.text()));
        return report.healthy() ? ExitCode.ANSWERED : ExitCode.SET_UP;
    }

    private static Optional<String> warmUp() throws IOException, InterruptedException {
        Optional<StartCache> cache = StartCache.ofThisProgram();
        return cache.isPresent()
                ? cache.get().make()
                : Optional.of(
                        "A jar alone has no start-up cache: run bin/phone-opus of the installation.");
    }
}

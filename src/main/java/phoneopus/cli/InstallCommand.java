package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.setup.ClientFile;
import phoneopus.setup.ConfigurationFile.MalformedException;
import phoneopus.setup.DesktopView;
import phoneopus.setup.Launch;
import phoneopus.setup.Registration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code phone-opus install}: adds our entry to a client's configuration file. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        header = "Registers phone-opus with a client, in the client's own configuration file.",
        description =
                "Sets the client's longest time limit and a patience below it. Replaces the original program's entry, phone_opus. Everything else in the file is unchanged,"
                        + " and a backup is kept beside it. Restart the client afterwards.")
final class InstallCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;
    private final Application application;
    private final Map<String, String> environment = System.getenv();

    @Parameters(paramLabel = "CLIENT", description = "One of ${COMPLETION-CANDIDATES}.")
    private ClientFile client = ClientFile.CODEX;

    @Option(names = "--print", description = "Print the entry without changing anything.")
    private boolean print;

    InstallCommand(PrintStream out, PrintStream err, Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    @Override
    public Integer call() {
        Registration registration = new Registration(client, environment);
        Launch launch = launch();
        if (print) {
            err.println("Add this to " + registration.file() + ":");
            out.print(registration.shown(launch));
            return ExitCode.ANSWERED;
        }
        try {
            return installed(registration, launch);
        } catch (MalformedException | IOException e) {
            err.println(PlainText.of(registration.refusal(e)));
            return ExitCode.SET_UP;
        }
    }

    private int installed(Registration registration, Launch launch) throws IOException {
        String title = registration.client().title();
        boolean existed = registration.fileExists();
        switch (registration.install(launch)) {
            case NOTHING ->
                    out.println(
                            "%s is already registered, nothing to do: %s"
                                    .formatted(title, registration.file()));
            case REGISTERED, UPDATED -> {
                out.println("%s: registered in %s".formatted(title, registration.file()));
                if (existed) {
                    out.println("Backup of the old file: " + registration.backup());
                }
                out.println("Restart %s to use it.".formatted(title));
            }
            case REMOVED -> throw new IllegalStateException("removed by an install");
        }
        return ExitCode.ANSWERED;
    }

    private Launch launch() {
        Path claude =
                ClaudeInstallation.seenFrom(environment, application.settings().claude())
                        .locate()
                        .orElse(null);
        if (claude == null) {
            err.println(
                    "Claude Code was not found, so its path was not written; run phone-opus doctor, apply its fix, then install again.");
        }
        return Launch.ofThisProgram(claude, DesktopView.of(environment).javaHomeToTell());
    }

    /** {@code phone-opus uninstall}: removes what {@code install} added. */
    @Command(
            name = "uninstall",
            mixinStandardHelpOptions = true,
            header = "Removes phone-opus from a client's configuration file.",
            description =
                    "If nothing else in the file has changed since, the file is restored byte for byte.")
    static final class Uninstall implements Callable<Integer> {
        private final PrintStream out;
        private final PrintStream err;

        @Parameters(paramLabel = "CLIENT", description = "One of ${COMPLETION-CANDIDATES}.")
        private ClientFile client = ClientFile.CODEX;

        Uninstall(PrintStream out, PrintStream err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public Integer call() {
            Registration registration = new Registration(client, System.getenv());
            try {
                String title = registration.client().title();
                out.println(
                        registration.uninstall() == Registration.Done.REMOVED
                                ? "%s: removed from %s".formatted(title, registration.file())
                                : "%s is not registered, nothing to do: %s"
                                        .formatted(title, registration.file()));
                return ExitCode.ANSWERED;
            } catch (MalformedException | IOException e) {
                err.println(PlainText.of(registration.refusal(e)));
                return ExitCode.SET_UP;
            }
        }
    }
}

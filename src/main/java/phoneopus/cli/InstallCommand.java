package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.setup.Client;
import phoneopus.setup.DesktopView;
import phoneopus.setup.Launch;
import phoneopus.setup.MalformedException;
import phoneopus.setup.Reason;
import phoneopus.setup.Registration;
import phoneopus.setup.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code phone-opus install}: our entry in a client's own configuration file. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        header = "Registers phone-opus with a client, in the client's own configuration file.",
        description =
                "Sets the longest wait that the client allows and a patience below it. An entry named phone_opus, of the original program, is replaced. Everything else in the file stays as it is,"
                        + " and a copy of the file as it was is kept beside it. Restart the client afterwards.")
final class InstallCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;
    private final Supplier<Settings> settings;
    private final Map<String, String> environment = System.getenv();

    @Parameters(paramLabel = "CLIENT", description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable Client client;

    @Option(names = "--print", description = "Only show the entry, and change nothing.")
    private boolean print;

    InstallCommand(PrintStream out, PrintStream err, Supplier<Settings> settings) {
        this.out = out;
        this.err = err;
        this.settings = settings;
    }

    @Override
    public Integer call() {
        Registration registration = new Registration(chosen(client), environment);
        Launch launch = launch();
        if (print) {
            err.println("This belongs into " + registration.file() + ":");
            out.print(registration.shown(launch));
            return ExitCode.ANSWERED;
        }
        try {
            return installed(registration, launch);
        } catch (MalformedException | IOException e) {
            return refused(err, registration, e);
        }
    }

    private int installed(Registration registration, Launch launch) throws IOException {
        String title = registration.client().title();
        boolean existed = registration.fileExists();
        switch (registration.install(launch)) {
            case NOTHING ->
                    out.println(
                            "%s is registered already, nothing to do: %s"
                                    .formatted(title, registration.file()));
            case REGISTERED, UPDATED -> {
                out.println("%s: registered in %s".formatted(title, registration.file()));
                if (existed) {
                    out.println("The file as it was: " + registration.backup());
                }
                out.println("Restart %s to use it.".formatted(title));
            }
            case REMOVED -> throw new IllegalStateException("removed by an install");
        }
        return ExitCode.ANSWERED;
    }

    private Launch launch() {
        Path claude =
                ClaudeInstallation.seenFrom(environment, settings.get().claude())
                        .locate()
                        .orElse(null);
        if (claude == null) {
            err.println(
                    "Claude Code was not found, so its place is left out; phone-opus doctor says what to do, then install again.");
        }
        return Launch.ofThisProgram(claude, DesktopView.of(environment).javaHomeToTell());
    }

    static Client chosen(@Nullable Client client) {
        if (client == null) {
            throw new IllegalStateException("no client was given");
        }
        return client;
    }

    static int refused(PrintStream err, Registration registration, Exception why) {
        err.println(
                PlainText.of(
                        why instanceof MalformedException
                                ? "%s %s. Nothing was changed."
                                        .formatted(registration.file(), why.getMessage())
                                : "%s cannot be changed: %s. Nothing was changed."
                                        .formatted(registration.file(), Reason.of(why))));
        return ExitCode.SET_UP;
    }
}

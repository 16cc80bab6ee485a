package phoneopus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeProperties;
import phoneopus.setup.ClientFile;
import phoneopus.setup.ConfigurationFile.MalformedException;
import phoneopus.setup.DesktopView;
import phoneopus.setup.Launch;
import phoneopus.setup.Registration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

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

    @ArgGroup(multiplicity = "1")
    private Clients clients = new Clients();

    @Option(names = "--print", description = "Print the entry without changing anything.")
    private boolean print;

    InstallCommand(PrintStream out, PrintStream err, Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    /** The clients that a command is about. */
    static final class Clients {
        @Parameters(
                paramLabel = "CLIENT",
                arity = "1..*",
                description = "One or more of ${COMPLETION-CANDIDATES}.")
        private List<ClientFile> named = new ArrayList<>();

        @Option(names = "--all", description = "Every client that this machine has.")
        private boolean all;

        List<ClientFile> chosen(Map<String, String> environment) {
            return all
                    ? Arrays.stream(ClientFile.values())
                            .filter(client -> client.isPresent(environment))
                            .toList()
                    : named;
        }
    }

    @Override
    public Integer call() {
        List<ClientFile> chosen = clients.chosen(environment);
        if (chosen.isEmpty()) {
            err.println("No client was found on this machine. Name one: phone-opus install codex");
            return ExitCode.SET_UP;
        }
        if (Launch.isTemporary() && !print) {
            err.println(
                    "phone-opus runs from a temporary folder (npx or the like), which may be deleted while a client's entry names it. Nothing was changed. Run: npm install -g phone-opus, then phone-opus install.");
            return ExitCode.SET_UP;
        }
        Launch launch = launch();
        int worst = ExitCode.ANSWERED;
        for (ClientFile client : chosen) {
            Registration registration = new Registration(client, environment);
            if (print) {
                err.println("Add this to " + registration.file() + ":");
                out.print(registration.shown(launch));
                continue;
            }
            try {
                install(registration, launch);
            } catch (MalformedException | IOException e) {
                err.println(PlainText.of(registration.refusal(e)));
                worst = ExitCode.SET_UP;
            }
        }
        return worst;
    }

    private void install(Registration registration, Launch launch) throws IOException {
        ClientFile client = registration.client();
        boolean existed = registration.fileExists();
        Optional<ObjectNode> before = registration.entry();
        Registration.Done done = registration.install(launch);
        Optional<ObjectNode> after = registration.entry();
        out.println(
                done == Registration.Done.NOTHING
                        ? "%s is already registered, nothing to do: %s"
                                .formatted(client.title(), registration.file())
                        : "%s: registered in %s".formatted(client.title(), registration.file()));
        if (before.isPresent() && after.isPresent()) {
            launch.changes(client, before.get(), after.get())
                    .forEach(change -> out.println("  " + PlainText.of(change)));
        }
        if (done != Registration.Done.NOTHING) {
            if (existed) {
                out.println("Backup of the old file: " + registration.backup());
            }
            out.println("Restart %s to use it.".formatted(client.title()));
            out.println(client.approval());
        }
    }

    private Launch launch() {
        ClaudeProperties properties = application.settings().claude();
        Path claude = ClaudeInstallation.seenFrom(environment, properties).locate().orElse(null);
        if (claude == null) {
            err.println(
                    "Claude Code was not found, so its path was not written; run phone-opus doctor, apply its fix, then install again.");
        }
        return Launch.ofThisProgram(
                claude, DesktopView.of(environment).javaHomeToTell(), environment, properties);
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

        @ArgGroup(multiplicity = "1")
        private Clients clients = new Clients();

        Uninstall(PrintStream out, PrintStream err) {
            this.out = out;
            this.err = err;
        }

        @Override
        public Integer call() {
            int worst = ExitCode.ANSWERED;
            for (ClientFile client : clients.chosen(System.getenv())) {
                Registration registration = new Registration(client, System.getenv());
                try {
                    out.println(
                            (registration.uninstall() == Registration.Done.REMOVED
                                            ? "%s: removed from %s"
                                            : "%s is not registered, nothing to do: %s")
                                    .formatted(client.title(), registration.file()));
                } catch (MalformedException | IOException e) {
                    err.println(PlainText.of(registration.refusal(e)));
                    worst = ExitCode.SET_UP;
                }
            }
            return worst;
        }
    }
}

package phoneopus.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The words after {@code phone-opus}. What only needs the words themselves costs no start of the
 * application.
 */
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    private final Application application;

    /** Starts the application. */
    @FunctionalInterface
    public interface Application {
        /**
         * Starts it.
         *
         * @param demo with the stand-in for Claude
         */
        ConfigurableApplicationContext start(boolean demo);
    }

    public Terminal(PrintStream out, PrintStream err, Application application) {
        this.out = out;
        this.err = err;
        this.application = application;
    }

    /** Runs them, and returns the exit code. */
    public int run(String... words) {
        CommandLine commands = new CommandLine(new Root());
        commands.addSubcommand(new AskCommand(out, err, application));
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        // A prompt may begin with an @ and mean nothing by it.
        commands.setExpandAtFiles(false);
        commands.registerConverter(UUID.class, Terminal::session);
        // One sentence instead of a page of usage, from which it would have scrolled away.
        commands.setParameterExceptionHandler((problem, _) -> {
            err.println(
                    "%s (see: %s --help)"
                            .formatted(
                                    PlainText.of(String.valueOf(problem.getMessage())),
                                    problem.getCommandLine().getCommandSpec().qualifiedName()));
            return ExitCode.WRONG_USAGE;
        });
        // What is thrown here is thrown by the start of the application, and says why in one
        // sentence.
        commands.setExecutionExceptionHandler((failure, _, _) -> {
            err.println(failure.getMessage());
            return ExitCode.SET_UP;
        });
        return commands.execute(words);
    }

    /** In full: Java would take {@code 1-1-1-1-1} too. */
    private static UUID session(String text) {
        try {
            UUID session = UUID.fromString(text);
            if (session.toString().equalsIgnoreCase(text)) {
                return session;
            }
        } catch (IllegalArgumentException _) {
            // Said below, in the same words.
        }
        throw new CommandLine.TypeConversionException(
                "session_id must be a valid UUID, got `" + text + "`");
    }

    @Command(
            name = "phone-opus",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            header = "Lets one coding agent phone Claude Opus for a second opinion.",
            description =
                    "With no command it is the MCP server on stdin and stdout that a client starts.",
            footer = {
                "",
                "Settings are given as --phone-opus.NAME=VALUE, as variables such as PHONE_OPUS_CLAUDE_BINARY, or in",
                "~/.config/phone-opus/application.yaml; docs/configuration.md lists them."
            })
    private static final class Root implements Runnable {
        @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
            }
        }
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Terminal.class.getPackage().getImplementationVersion();
            return new String[] {"phone-opus " + (version == null ? "(not packaged)" : version)};
        }
    }
}

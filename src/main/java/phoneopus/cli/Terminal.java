package phoneopus.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;
import phoneopus.claude.Effort;
import phoneopus.cli.HistoryCommands.Cost.By;
import phoneopus.cli.PhoneOpusCommand.Completion.Shell;
import phoneopus.mcp.Misspelling;
import phoneopus.setup.ClientFile;
import phoneopus.spool.JobStatus;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Parses and runs the command line. A command that needs only its words does not start the
 * application.
 */
public final class Terminal {
    private static final Pattern AGE = Pattern.compile("\\d{1,6}[smhd]");

    /** How picocli begins what one of our converters says. */
    private static final Pattern INVALID =
            Pattern.compile(
                    "^Invalid value for (?:option '([^']+)'|positional parameter at index \\S+) *(?:\\((\\w+)\\))?: must ");

    private static final int LONGEST_COMMAND = 40;

    private final PipedInput stdin;
    private final PrintStream out;
    private final PrintStream err;
    private final Application application;

    public Terminal(PrintStream out, PrintStream err, Application application) {
        this(PipedInput.ofThisProcess(), out, err, application);
    }

    Terminal(PipedInput stdin, PrintStream out, PrintStream err, Application application) {
        this.stdin = stdin;
        this.out = out;
        this.err = err;
        this.application = application;
    }

    /** Runs the command and returns its exit code. */
    public int run(String... words) {
        Printer printer = new Printer(out, err);
        CommandLine commands = new CommandLine(new PhoneOpusCommand());
        // In the order of the help.
        for (Object command :
                List.of(
                        new AskCommand(stdin, printer, application),
                        new ListCommands.Listing(printer, application),
                        new JobCommands.Show(printer, application),
                        new JobCommands.Wait(printer, application),
                        new JobCommands.Tail(printer, application),
                        new JobCommands.Cancel(printer, application),
                        new JobCommands.Remove(printer, application),
                        new ListCommands.Prune(printer, application),
                        new HistoryCommands.Search(printer, application),
                        new HistoryCommands.Cost(printer, application),
                        new InstallCommand(out, err, application),
                        new InstallCommand.Uninstall(out, err),
                        new DoctorCommand(out, err, application),
                        new ServeCommand(printer, application),
                        new KeyCommand(out, err, application),
                        new ConfigCommand(out, application),
                        new PhoneOpusCommand.Completion(),
                        new PhoneOpusCommand.ShowVersion(),
                        new ManPages(),
                        new HelpCommand())) {
            commands.addSubcommand(command);
        }
        commands.getSubcommands()
                .values()
                .forEach(command ->
                        command.getCommandSpec().versionProvider(new PhoneOpusCommand.Version()));
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        // A prompt may begin with @; that does not name a file of arguments.
        commands.setExpandAtFiles(false);
        commands.registerConverter(JobName.OfSession.class, JobName.OfSession::parse);
        commands.registerConverter(int.class, Terminal::whole);
        commands.registerConverter(Integer.class, Terminal::whole);
        commands.registerConverter(Duration.class, Terminal::age);
        commands.registerConverter(Instant.class, Terminal::time);
        commands.registerConverter(JobName.class, JobName::parse);
        commands.registerConverter(
                JobStatus.class, word -> oneOf(JobStatus.values(), JobStatus::word, word));
        commands.registerConverter(By.class, word -> oneOf(By.values(), By::toString, word));
        commands.registerConverter(
                Shell.class, word -> oneOf(Shell.values(), Shell::toString, word));
        commands.registerConverter(
                Effort.class, word -> oneOf(Effort.values(), Effort::word, word));
        commands.registerConverter(
                ClientFile.class, word -> oneOf(ClientFile.values(), ClientFile::toString, word));
        // One sentence: after a page of usage the error would have scrolled away.
        commands.setParameterExceptionHandler((problem, _) -> {
            err.println(
                    "%s (see: %s --help)"
                            .formatted(
                                    PlainText.of(sentence(problem)),
                                    problem.getCommandLine().getCommandSpec().qualifiedName()));
            return ExitCode.WRONG_USAGE;
        });
        // Thrown by the start of the application; the message is one sentence.
        commands.setExecutionExceptionHandler((failure, _, _) -> {
            err.println(failure.getMessage());
            return ExitCode.SET_UP;
        });
        return commands.execute(words);
    }

    private static String sentence(ParameterException problem) {
        String said =
                INVALID.matcher(String.valueOf(problem.getMessage())).replaceFirst("$1$2 must ");
        if (!(problem instanceof UnmatchedArgumentException unmatched)) {
            return said;
        }
        if (problem.getCommandLine().getParent() != null || unmatched.isUnknownOption()) {
            return said + didYouMean(unmatched.getSuggestions());
        }
        String word = unmatched.getUnmatched().getFirst();
        String hint =
                word.length() > LONGEST_COMMAND
                        ? ""
                        : didYouMean(similar(word, problem.getCommandLine()));
        return "There is no command `%s`%s"
                .formatted(
                        Table.cut(word, LONGEST_COMMAND),
                        hint.isEmpty() ? "; to ask Claude: phone-opus ask \"QUESTION\"" : hint);
    }

    private static String didYouMean(List<String> words) {
        return words.isEmpty() ? "" : "; did you mean " + String.join(" or ", words) + "?";
    }

    /** The commands that differ the least from the word, if by no more than a slip or two. */
    private static List<String> similar(String word, CommandLine commands) {
        List<String> names =
                commands.getSubcommands().entrySet().stream()
                        .filter(command ->
                                !command.getValue().getCommandSpec().usageMessage().hidden())
                        .map(Map.Entry::getKey)
                        .toList();
        return Misspelling.nearest(word, names, _ -> Math.max(1, word.length() / 3));
    }

    private static int whole(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new CommandLine.TypeConversionException(
                    "must be a whole number, got `" + text + "`");
        }
    }

    private static <T> T oneOf(T[] values, Function<T, String> name, String word) {
        return Arrays.stream(values)
                .filter(value -> name.apply(value).equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() ->
                        new CommandLine.TypeConversionException(
                                "must be one of %s, got `%s`"
                                        .formatted(
                                                Arrays.stream(values)
                                                        .map(name)
                                                        .collect(Collectors.joining(", ")),
                                                word)));
    }

    private static Duration age(String text) {
        if (!AGE.matcher(text).matches()) {
            throw new CommandLine.TypeConversionException(
                    "must be an age such as 12h or 30d, got `" + text + "`");
        }
        return DurationStyle.SIMPLE.parse(text);
    }

    /** A day, or an age. */
    private static Instant time(String text) {
        try {
            return AGE.matcher(text).matches()
                    ? Instant.now().minus(age(text))
                    : LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException _) {
            throw new CommandLine.TypeConversionException(
                    "must be a day such as 2026-11-01 or an age such as 7d, got `" + text + "`");
        }
    }
}

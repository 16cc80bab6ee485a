package phoneopus.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code phone-opus man-pages}: writes the manual, a page for each command, which the build puts
 * into {@code share/man}. Picocli's own writer makes AsciiDoc, which would need Ruby.
 */
@Command(
        name = "man-pages",
        hidden = true,
        mixinStandardHelpOptions = true,
        header = "Writes the manual pages.")
final class ManPages implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIRECTORY", description = "Where to write them.")
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException {
        Path to = Files.createDirectories(Objects.requireNonNull(directory, "set by picocli"));
        write(to, Objects.requireNonNull(spec, "set by picocli").root());
        return ExitCode.ANSWERED;
    }

    private static void write(Path directory, CommandSpec command) throws IOException {
        Files.writeString(
                directory.resolve(name(command) + ".1"), page(command), StandardCharsets.UTF_8);
        for (CommandSpec below : shown(command)) {
            write(directory, below);
        }
    }

    private static List<CommandSpec> shown(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(below -> !below.usageMessage().hidden())
                .toList();
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private static String page(CommandSpec command) {
        var usage = command.usageMessage();
        StringBuilder page = new StringBuilder();
        page.append(".TH \"%s\" 1 \"\" \"phone-opus\" \"\"\n".formatted(roff(name(command))));
        section(page, "NAME", roff(name(command)) + " \\- " + text(usage.header()));
        Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
        section(page, "SYNOPSIS", roff(help.synopsis(0).replaceAll("\\s+", " ").strip()));
        section(page, "DESCRIPTION", text(usage.description()));
        section(page, "ARGUMENTS", items(command.positionalParameters().stream()));
        section(page, "OPTIONS", items(command.options().stream()));
        section(
                page,
                "COMMANDS",
                shown(command).stream()
                        .map(below ->
                                item(below.qualifiedName(), text(below.usageMessage().header())))
                        .collect(Collectors.joining()));
        section(
                page,
                "EXIT STATUS",
                usage.exitCodeList().entrySet().stream()
                        .map(code -> item(code.getKey().strip(), roff(code.getValue())))
                        .collect(Collectors.joining()));
        section(page, "SETTINGS", text(usage.footer()));
        section(page, "SEE ALSO", seeAlso(command));
        return page.toString();
    }

    private static String seeAlso(CommandSpec command) {
        Stream<CommandSpec> related =
                command.parent() == null ? shown(command).stream() : Stream.of(command.parent());
        return related.map(other -> "\\fB" + roff(name(other)) + "\\fR(1)")
                .collect(Collectors.joining(",\n"));
    }

    private static void section(StringBuilder page, String title, String text) {
        if (!text.isBlank()) {
            page.append(".SH ").append(title).append('\n').append(text.strip()).append('\n');
        }
    }

    private static String items(Stream<? extends ArgSpec> parts) {
        return parts.filter(part -> !part.hidden())
                .map(part -> item(label(part), text(part.description())))
                .collect(Collectors.joining());
    }

    private static String label(ArgSpec part) {
        if (!(part instanceof OptionSpec option)) {
            return part.paramLabel();
        }
        String names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
    }

    private static String item(String label, String text) {
        return ".TP\n\\fB" + roff(label) + "\\fR\n" + text + "\n";
    }

    /** What picocli formats before it prints it. */
    private static String text(String... lines) {
        return roff(
                Stream.of(lines).map(String::formatted).collect(Collectors.joining(" ")).strip());
    }

    /** The text, with nothing in it that would be a request to roff. */
    private static String roff(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^(?=[.'])", "\\\\&");
    }
}

package phoneopus.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code phone-opus} itself, and the commands that need nothing but its words. */
@Command(
        name = "phone-opus",
        mixinStandardHelpOptions = true,
        versionProvider = PhoneOpusCommand.Version.class,
        header = "Lets a coding agent phone Claude Opus for a second opinion.",
        description =
                "With no command it serves MCP on stdin and stdout; clients start it this way.",
        footer = {
            "",
            "Settings are given as --phone-opus.NAME=VALUE, as variables such as PHONE_OPUS_CLAUDE_BINARY, or in",
            "~/.config/phone-opus/application.yaml; docs/configuration.md lists them."
        })
final class PhoneOpusCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "Missing command");
        }
    }

    /** {@code phone-opus completion}: prints what a shell needs to complete words. */
    @Command(
            name = "completion",
            mixinStandardHelpOptions = true,
            header = "Prints a completion script for a shell.",
            description = {
                "bash: source <(phone-opus completion), for example in ~/.bashrc; zsh: the same in ~/.zshrc.",
                "fish: phone-opus completion fish > ~/.config/fish/completions/phone-opus.fish"
            })
    static final class Completion implements Runnable {
        /** The shells; zsh runs the script for bash. */
        enum Shell {
            BASH,
            ZSH,
            FISH;

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Spec private @Nullable CommandSpec spec;

        @Parameters(
                arity = "0..1",
                paramLabel = "SHELL",
                description = "${COMPLETION-CANDIDATES}; default: bash.")
        private Shell shell = Shell.BASH;

        @Override
        public void run() {
            if (spec != null) {
                CommandLine commands = spec.root().commandLine();
                commands.getOut()
                        .print(
                                shell == Shell.FISH
                                        ? Fish.of(spec.root())
                                        : AutoComplete.bash("phone-opus", commands)
                                                .replace(JobName.Ids.MARK, JobName.Ids.SHELL));
                commands.getOut().flush();
            }
        }
    }

    /** The completion script for fish; picocli has those for bash and zsh only. */
    private static final class Fish {
        private static final String FIRST = "__fish_use_subcommand";

        private final StringBuilder script = new StringBuilder("complete -c phone-opus -f\n");

        private Fish() {}

        static String of(CommandSpec root) {
            Fish fish = new Fish();
            fish.add(root, FIRST);
            return fish.script.toString();
        }

        /**
         * Adds what may follow a command.
         *
         * @param condition the function of fish that says whether it was typed
         */
        private void add(CommandSpec command, String condition) {
            for (CommandLine below : command.subcommands().values()) {
                CommandSpec spec = below.getCommandSpec();
                if (!spec.usageMessage().hidden()) {
                    line(condition, "-a " + spec.name(), spec.usageMessage().header());
                    add(spec, "__fish_seen_subcommand_from " + spec.name());
                }
            }
            for (OptionSpec option : command.options()) {
                if (!option.hidden()) {
                    line(condition, names(option) + values(option), option.description());
                }
            }
            command.positionalParameters()
                    .forEach(part -> {
                        if (part.completionCandidates() != null) {
                            line(condition, "-a " + candidates(part));
                        }
                    });
        }

        private void line(String condition, String what, String... description) {
            script.append("complete -c phone-opus -n ").append(quoted(condition)).append(' ');
            script.append(what);
            if (description.length > 0) {
                script.append(" -d ").append(quoted(description[0].formatted()));
            }
            script.append('\n');
        }

        private static String names(OptionSpec option) {
            List<String> names = new ArrayList<>();
            for (String name : option.names()) {
                names.add(
                        name.startsWith("--")
                                ? "-l " + name.substring(2)
                                : "-s " + name.substring(1));
            }
            return String.join(" ", names);
        }

        private static String values(OptionSpec option) {
            if (option.arity().max() == 0) {
                return "";
            }
            Class<?> type = option.auxiliaryTypes()[0];
            if (option.completionCandidates() != null) {
                return " -x -a " + candidates(option);
            }
            return type == Path.class || type == File.class ? " -r -F" : " -x";
        }

        private static String candidates(ArgSpec part) {
            if (part.completionCandidates() instanceof JobName.Ids) {
                return quoted("(sh -c " + quoted("echo \"" + JobName.Ids.SHELL + "\"") + ")");
            }
            return quoted(
                    String.join(
                            " ",
                            StreamSupport.stream(part.completionCandidates().spliterator(), false)
                                    .toList()));
        }

        private static String quoted(String text) {
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
        }
    }

    /** {@code phone-opus version}. */
    @Command(name = "version", mixinStandardHelpOptions = true, header = "Prints the version.")
    static final class ShowVersion implements Runnable {
        @Spec private @Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                spec.commandLine().printVersionHelp(spec.root().commandLine().getOut());
            }
        }
    }

    /** Prints {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Version.class.getPackage().getImplementationVersion();
            return new String[] {"phone-opus " + (version == null ? "(not packaged)" : version)};
        }
    }
}

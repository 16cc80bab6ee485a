package phoneopus.cli;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
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
            header = "Prints a completion script for bash and zsh.",
            description =
                    "Use it: source <(phone-opus completion), for example in ~/.bashrc or ~/.zshrc.")
    static final class Completion implements Runnable {
        @Spec private @Nullable CommandSpec spec;

        @Override
        public void run() {
            if (spec != null) {
                CommandLine commands = spec.root().commandLine();
                commands.getOut().print(AutoComplete.bash("phone-opus", commands));
                commands.getOut().flush();
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

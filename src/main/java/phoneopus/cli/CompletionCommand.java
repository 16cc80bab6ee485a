package phoneopus.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code phone-opus completion}: what a shell needs to complete our words. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        header = "Prints a script that completes these words in bash and zsh.",
        description =
                "Use it: source <(phone-opus completion), for example in ~/.bashrc or ~/.zshrc.")
final class CompletionCommand implements Runnable {
    private final PrintStream out;

    @Spec private @Nullable CommandSpec spec;

    CompletionCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        if (spec != null) {
            out.print(AutoComplete.bash("phone-opus", spec.root().commandLine()));
        }
    }
}

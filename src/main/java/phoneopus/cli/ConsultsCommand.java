package phoneopus.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import phoneopus.mcp.InvalidArgumentException;
import phoneopus.tool.Faults;
import phoneopus.tool.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command about consults. Starts the application, and prints what it throws as a fault. */
@Command(mixinStandardHelpOptions = true)
abstract class ConsultsCommand implements Callable<Integer> {
    final Printer printer;
    private final Application application;

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--json", description = "Print whole records as JSON, one a line.")
    boolean json;

    ConsultsCommand(Printer printer, Application application) {
        this.printer = printer;
        this.application = application;
    }

    /**
     * Checks the arguments before anything is started.
     *
     * @throws InvalidArgumentException if one is invalid
     */
    void check() {}

    /** Whether the stand-in for Claude answers. */
    boolean demo() {
        return false;
    }

    /** Does the work and returns the exit code. */
    abstract int run(BeanFactory beans) throws InterruptedException;

    @Override
    public Integer call() {
        try {
            check();
        } catch (InvalidArgumentException e) {
            return fault(e);
        }
        try (ConfigurableApplicationContext context = application.start(demo())) {
            return faultless(context);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    private int faultless(BeanFactory beans) throws InterruptedException {
        try {
            return run(beans);
        } catch (RuntimeException e) {
            return fault(e);
        }
    }

    private int fault(RuntimeException problem) {
        String operation = Objects.requireNonNull(spec, "set by picocli").name();
        return printer.fault(operation, Faults.of(problem, Wording.TERMINAL), json);
    }
}

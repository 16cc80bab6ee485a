package phoneopus.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code phone-opus serve}: the server over HTTP. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        header = "Serves clients over HTTP, on 127.0.0.1:8417 unless the settings say otherwise.",
        description = "Ctrl-C stops it; running consults continue.")
final class ServeCommand implements Callable<Integer> {
    private final Printer printer;
    private final Application application;

    @Option(names = "--demo", description = "A bundled stand-in answers instead of Claude.")
    private boolean demo;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on; 0 for any free one.")
    private @Nullable Integer port;

    ServeCommand(Printer printer, Application application) {
        this.printer = printer;
        this.application = application;
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        ConfigurableApplicationContext context = application.serve(demo, port);
        context.addApplicationListener(event -> {
            if (event instanceof ContextClosedEvent) {
                closed.countDown();
            }
        });
        printer.serving(
                context.getEnvironment().getProperty("phone-opus.http.address", "127.0.0.1"),
                context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        closed.await();
        return ExitCode.ANSWERED;
    }
}

package phoneopus;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import phoneopus.claude.DemoClaude;
import phoneopus.cli.Application;
import phoneopus.cli.Keyboard;
import phoneopus.cli.Terminal;
import phoneopus.mcp.PrecomputedResponses;
import phoneopus.setup.Settings;
import phoneopus.stdio.StdioConnection;
import phoneopus.stdio.StdioFront;

/**
 * The main class. With no command, or with the original program's, it is the stdio server; with any
 * other it runs that command at a terminal.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class PhoneOpusApplication {
    private static final String DEMO = "--demo";
    private static final String HTTP_PORT = "--phone-opus.http.port=";

    /** Printed when a person starts the server by hand, to say what it waits for. */
    private static final String HINT =
            """
            phone-opus is an MCP server and waits for a client's messages on stdin. Register it with a client:
            phone-opus install CLIENT; find problems: phone-opus doctor; ask Claude from here: phone-opus ask "…";
            help: phone-opus --help; Ctrl-D stops it.
            """;

    /** The original program's first argument, which older client entries still pass. */
    private static final String ORIGINAL = "mcp";

    private static final String MEANT =
            """
            phone-opus mcp is how the original program was started; this serves over stdio all the same. Let the client's
            entry start plain phone-opus with no word, or have that done: phone-opus install CLIENT.
            """;

    private static final int WRONG_USAGE = 2;
    private static final int SET_UP = 3;

    public static void main(String[] args) {
        // Stdout belongs to the protocol or the answer: all other output goes to stderr.
        System.setOut(System.err);
        Thread.setDefaultUncaughtExceptionHandler(new FatalErrorHandler());
        // Java takes the home from the password file; every other program uses HOME.
        String home = System.getenv("HOME");
        if (home != null && !home.isBlank()) {
            System.setProperty("user.home", home);
        }
        // H2 would listen on all interfaces; it reads this when its first class is loaded.
        System.setProperty("h2.bindAddress", "127.0.0.1");
        // Otherwise the pool hands out dead connections after their server died.
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
        if (isServer(args)) {
            serve(args);
        } else {
            System.exit(atTerminal(args));
        }
    }

    private static boolean isServer(String[] args) {
        return firstWord(args).map(ORIGINAL::equals).orElse(true);
    }

    private static Optional<String> firstWord(String[] args) {
        return Arrays.stream(args)
                .filter(arg ->
                        !arg.equals(DEMO)
                                && !SettingArguments.isSetting(arg)
                                && !SettingArguments.isForeign(arg))
                .findFirst();
    }

    private static void serve(String[] args) {
        if (firstWord(args).isPresent()) {
            System.err.print(MEANT);
        }
        SettingsText settings = settingsText(args);
        if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            // The build only determines the beans and is not a client.
            start("stdio", settings(args), null);
            return;
        }
        StdioFront front =
                StdioFront.open(
                        new StdioConnection(
                                new FileInputStream(FileDescriptor.in),
                                stdout(),
                                () -> System.exit(0)),
                        responses(settings));
        String refusal = SettingArguments.refusal(args);
        if (refusal != null) {
            front.fail(refusal);
            System.err.println(refusal);
            System.exit(WRONG_USAGE);
        }
        BuildTimeBeans.use(settings);
        if (Keyboard.attended()) {
            System.err.print(HINT);
        }
        try {
            start("stdio", settings(args), front);
        } catch (RuntimeException | Error e) {
            String sentence = StartFailure.sentence(e);
            front.fail(sentence);
            System.err.println(sentence);
            System.exit(SET_UP);
        }
    }

    /**
     * Closes the context at the end of the process. The framework's own hook would make a server
     * that ends during its start wait for the start. Ours is added just before the client is
     * served, so no consult runs without it.
     *
     * @return false if the process is already ending
     */
    private static boolean closeAtTheEnd(ConfigurableApplicationContext context) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(context::close, "end"));
            return true;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private static SettingsText settingsText(String[] args) {
        return SettingsText.of(
                args, System.getenv(), System.getProperties(), SettingsFolders.all());
    }

    /** The precomputed responses that these settings cannot change. */
    private static PrecomputedResponses responses(SettingsText settings) {
        if (!settings.leavesHandshake()) {
            return PrecomputedResponses.EMPTY;
        }
        return settings.leavesTools()
                ? PrecomputedResponses.built()
                : PrecomputedResponses.built().withoutTools();
    }

    private static int atTerminal(String[] args) {
        PrintStream out = new PrintStream(stdout(), true, StandardCharsets.UTF_8);
        String refusal = SettingArguments.refusal(args);
        if (refusal != null) {
            System.err.println(refusal);
            return WRONG_USAGE;
        }
        String[] settings =
                Arrays.stream(args).filter(SettingArguments::isSetting).toArray(String[]::new);
        String[] words =
                Arrays.stream(args)
                        .filter(arg -> !SettingArguments.isSetting(arg))
                        .toArray(String[]::new);
        return new Terminal(out, System.err, application(settings)).run(words);
    }

    private static Application application(String[] settings) {
        return new Application() {
            @Override
            public ConfigurableApplicationContext start(boolean demo) {
                BuildTimeBeans.use(settingsText(settings));
                return context("terminal", settings, demo);
            }

            @Override
            public ConfigurableApplicationContext serve(boolean demo, @Nullable Integer port) {
                return context(
                        "http", port == null ? settings : with(settings, HTTP_PORT + port), demo);
            }

            @Override
            public Settings settings() {
                return SettingsReader.read(SettingsFolders.locations(), settings);
            }

            @Override
            public List<Setting> config() {
                return SettingsReader.list(SettingsFolders.locations(), settings);
            }
        };
    }

    private static ConfigurableApplicationContext context(
            String profile, String[] settings, boolean demo) {
        try {
            return start(profile, demo ? settings(with(settings, DEMO)) : settings, null);
        } catch (RuntimeException | Error e) {
            throw new StartFailure(e);
        }
    }

    private static ConfigurableApplicationContext start(
            String profile, String[] settings, @Nullable StdioFront front) {
        StartFailure.keepSpringFromPrintingIt();
        ConfigurableApplicationContext context =
                new SpringApplicationBuilder(PhoneOpusApplication.class)
                        .profiles(profile)
                        .listeners(new PinnedSettings(profile))
                        .registerShutdownHook(front == null)
                        .properties(Map.of("spring.config.location", SettingsFolders.locations()))
                        .initializers(starting -> {
                            if (front != null) {
                                starting.getBeanFactory().registerSingleton("stdioFront", front);
                                front.beforeServing(() -> closeAtTheEnd(starting));
                            } else if (profile.equals("terminal")) {
                                starting.addBeanFactoryPostProcessor(
                                        BuildTimeBeans::leaveOutServer);
                            }
                        })
                        .run(settings);
        for (SettingNames.Unknown name : SettingNames.unknown(context.getEnvironment())) {
            System.err.println(name.sentence());
        }
        return context;
    }

    private static String[] with(String[] settings, String one) {
        String[] more = Arrays.copyOf(settings, settings.length + 1);
        more[settings.length] = one;
        return more;
    }

    private static String[] settings(String[] args) {
        return Arrays.stream(args)
                .filter(arg -> SettingArguments.isSetting(arg) || arg.equals(DEMO))
                .map(arg ->
                        arg.equals(DEMO)
                                ? "--phone-opus.claude.binary=" + DemoClaude.install()
                                : arg)
                .toArray(String[]::new);
    }

    private static OutputStream stdout() {
        return new FileOutputStream(FileDescriptor.out);
    }
}

package phoneopus.cli;

import java.io.PrintStream;
import java.util.List;
import phoneopus.cli.Application.Setting;
import phoneopus.files.UserHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code phone-opus config}: shows the settings. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        header = "Shows the settings.",
        description = "Starts no server and changes nothing.")
final class ConfigCommand implements Runnable {
    private static final int LONGEST_VALUE = 24;

    private final PrintStream out;
    private final Application application;

    ConfigCommand(PrintStream out, Application application) {
        this.out = out;
        this.application = application;
    }

    @Override
    public void run() {
        show(false, false);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            header = "Shows each setting, its value and where that comes from.",
            description =
                    "Secrets are not shown: the values of claude.environment and claude.extra-arguments.")
    void show(
            @Option(names = "--set", description = "Only those that are set somewhere.")
                    boolean set,
            @Option(names = "--long", description = "Do not cut long values.") boolean whole) {
        List<Setting> settings =
                application.config().stream()
                        .filter(setting -> !set || !setting.isDefault())
                        .toList();
        int width = whole ? Integer.MAX_VALUE : Keyboard.width();
        Table table = new Table(width, "SETTING", "VALUE", "FROM");
        for (Setting setting : settings) {
            table.row(
                    setting.name(),
                    Table.cut(
                            setting.value().isEmpty() ? "-" : setting.value(),
                            whole ? width : Math.max(LONGEST_VALUE, width - 56)),
                    setting.from().replace(UserHome.path() + "/", "~/"));
        }
        out.print(PlainText.of(table.toString()));
    }
}

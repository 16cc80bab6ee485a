package phoneopus;

import java.nio.file.Path;
import java.util.List;

/**
 * Where settings files are, the installation's and the user's. Never the working directory: it is
 * often a repository of somebody else, whose {@code application.yaml} would decide which command is
 * run.
 */
final class SettingsFolders {
    private SettingsFolders() {}

    static List<Path> all() {
        String home = System.getProperty("user.home");
        String config = System.getenv().getOrDefault("XDG_CONFIG_HOME", home + "/.config");
        Path user = Path.of(config, "phone-opus");
        String installation = System.getProperty("phone-opus.home");
        return installation == null
                ? List.of(user)
                : List.of(Path.of(installation, "config"), user);
    }

    /** In the framework's words, with the jar's own first. */
    static String locations() {
        StringBuilder locations = new StringBuilder("classpath:/");
        for (Path folder : all()) {
            locations.append(",optional:file:").append(folder).append('/');
        }
        return locations.toString();
    }
}

package phoneopus;

import java.nio.file.Path;
import java.util.List;

/**
 * The folders of settings files: the installation's and the user's. Never the working directory: it
 * is often somebody else's repository, whose {@code application.yaml} would then decide which
 * command runs.
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

    /** The folders in the framework's notation, after the jar's own. */
    static String locations() {
        StringBuilder locations = new StringBuilder("classpath:/");
        for (Path folder : all()) {
            locations.append(",optional:file:").append(folder).append('/');
        }
        return locations.toString();
    }
}

package phoneopus;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeProperties;

/**
 * All settings as they are written down, before anything has made sense of them: enough to tell
 * that what a client is told first cannot depend on them.
 *
 * @param text null where it could not be read
 */
record SettingsText(@Nullable String text, boolean ofTheFramework) {
    /** How the framework's own settings begin, in any spelling. */
    private static final String FRAMEWORK = "spring";

    private static final String OURS = "phone";

    /** Only says whether the classes were processed at build time. */
    private static final String AHEAD_OF_TIME = "spring.aot.";

    /**
     * @param folders hold settings files that may not be there
     */
    static SettingsText of(
            String[] arguments,
            Map<String, String> environment,
            Properties system,
            List<Path> folders) {
        StringBuilder text = new StringBuilder();
        boolean framework = false;
        for (String argument : arguments) {
            framework |= startsWith(argument, "--" + FRAMEWORK);
            text.append(argument).append('\n');
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            if (startsWith(variable.getKey(), OURS)) {
                text.append(variable.getValue()).append('\n');
            }
        }
        for (String name : system.stringPropertyNames()) {
            framework |= startsWith(name, FRAMEWORK) && !name.startsWith(AHEAD_OF_TIME);
            if (startsWith(name, OURS)) {
                text.append(system.getProperty(name)).append('\n');
            }
        }
        try {
            for (Path folder : folders) {
                String files = files(folder);
                framework |= files.toLowerCase(Locale.ROOT).contains(FRAMEWORK);
                text.append(files);
            }
        } catch (IOException _) {
            return new SettingsText(null, framework);
        }
        return new SettingsText(text.toString(), framework);
    }

    /** Whether the handshake is the one that was approved. */
    boolean leavesHandshake() {
        return text != null && !ofTheFramework;
    }

    /**
     * Whether the tool list is the one that was approved: an editing tool changes it, and might be
     * hidden behind a placeholder, an escape or another encoding.
     */
    boolean leavesTools() {
        return leavesHandshake()
                && text != null
                && !ClaudeProperties.namesEditingTool(text)
                && !text.contains("${")
                && text.indexOf('\\') < 0
                && text.indexOf('\0') < 0;
    }

    private static boolean startsWith(String name, String beginning) {
        return name.regionMatches(true, 0, beginning, 0, beginning.length());
    }

    /** Those that the framework reads there, with some more. */
    private static String files(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        File[] files = folder.toFile().listFiles();
        if (files != null) {
            for (File file : files) {
                if (file.getName().startsWith("application") && file.isFile()) {
                    text.append(Files.readString(file.toPath(), StandardCharsets.ISO_8859_1))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }
}

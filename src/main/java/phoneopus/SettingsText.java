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
import phoneopus.claude.ClaudeProperties;

/**
 * What the settings, as they are written down and before anything has made sense of them, leave as
 * it was built: enough to tell that what a client is told first cannot depend on them.
 *
 * @param leavesHandshake whether the handshake is the one that was approved
 * @param leavesTools whether the tool list is, too: an adviser that may edit files changes it
 */
record SettingsText(boolean ofTheFramework, boolean leavesHandshake, boolean leavesTools) {
    /** How the framework's own settings begin, in any spelling. */
    private static final String FRAMEWORK = "spring";

    private static final String TOOLS = "tools";

    private static final String TOOLS_IN_FULL = "phoneopusclaude" + TOOLS;

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
        boolean framework = false;
        boolean tools = true;
        for (String argument : arguments) {
            framework |= startsWith(argument, "--" + FRAMEWORK);
            int end = argument.indexOf('=');
            tools &= end < 0 || leavesTools(argument.substring(0, end), argument.substring(end));
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            tools &= leavesTools(variable.getKey(), variable.getValue());
        }
        for (String name : system.stringPropertyNames()) {
            framework |= startsWith(name, FRAMEWORK) && !name.startsWith(AHEAD_OF_TIME);
            tools &= leavesTools(name, system.getProperty(name));
        }
        try {
            for (Path folder : folders) {
                String files = files(folder);
                framework |= files.toLowerCase(Locale.ROOT).contains(FRAMEWORK);
                tools &= leavesTools(files);
            }
        } catch (IOException _) {
            return new SettingsText(framework, false, false);
        }
        return new SettingsText(framework, !framework, !framework && tools);
    }

    private static boolean leavesTools(String name, String value) {
        return !letters(name).startsWith(TOOLS_IN_FULL) || namesNoEditingTool(value);
    }

    /** Its escapes, and another encoding than ours, might hide a name or a value. */
    private static boolean leavesTools(String files) {
        StringBuilder said = new StringBuilder();
        files.lines()
                .filter(line -> !line.stripLeading().startsWith("#"))
                .forEach(line -> said.append(line).append('\n'));
        return said.indexOf("\\") < 0
                && said.indexOf("\0") < 0
                && (!letters(said.toString()).contains(TOOLS)
                        || namesNoEditingTool(said.toString()));
    }

    private static boolean namesNoEditingTool(String value) {
        return !value.contains("${") && !ClaudeProperties.namesEditingTool(value);
    }

    /** As the framework compares names: without dashes, and in small letters. */
    private static String letters(String name) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                letters.append(Character.toLowerCase(c));
            }
        }
        return letters.toString();
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

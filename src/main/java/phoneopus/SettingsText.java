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
 * Tells, from the unparsed text of the settings, which precomputed responses they cannot change.
 * Those can be sent to a client before the settings are read.
 *
 * @param leavesHandshake whether the handshake is the precomputed one
 * @param leavesTools whether the tool list is, too: an adviser that can edit files changes it, and
 *     so does a list of models
 */
record SettingsText(boolean ofTheFramework, boolean leavesHandshake, boolean leavesTools) {
    /** The prefix of the framework's own settings, in any notation. */
    private static final String FRAMEWORK = "spring";

    private static final String TOOLS = "tools";

    private static final String TOOLS_IN_FULL = "phoneopusclaude" + TOOLS;

    private static final String MODELS = "models";

    private static final String MODELS_IN_FULL = "phoneopusclaude" + MODELS;

    /** Only says whether the classes were processed at build time. */
    private static final String AHEAD_OF_TIME = "spring.aot.";

    /**
     * @param folders of the settings files, which need not exist
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
        String letters = letters(name);
        return !letters.startsWith(MODELS_IN_FULL)
                && (!letters.startsWith(TOOLS_IN_FULL) || namesNoEditingTool(value));
    }

    /** Escapes or another encoding could hide a name or a value. */
    private static boolean leavesTools(String files) {
        StringBuilder said = new StringBuilder();
        files.lines()
                .filter(line -> !line.stripLeading().startsWith("#"))
                .forEach(line -> said.append(line).append('\n'));
        String letters = letters(said.toString());
        return said.indexOf("\\") < 0
                && said.indexOf("\0") < 0
                && !letters.contains(MODELS)
                && (!letters.contains(TOOLS) || namesNoEditingTool(said.toString()));
    }

    private static boolean namesNoEditingTool(String value) {
        return !value.contains("${") && !ClaudeProperties.namesEditingTool(value);
    }

    /** The form in which the framework compares names: lower case, without dashes. */
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

    /** The text of the files that the framework reads there, and some more. */
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

package phoneopus.claude;

import tools.jackson.databind.JsonNode;

/** Describes a tool call of Claude in one line. */
final class ToolUse {
    /** The inputs that best describe a tool call; the first one present is used. */
    private static final String[] TELLING_INPUTS = {
        "file_path", "path", "pattern", "command", "url", "query", "description", "prompt"
    };

    private static final int LONGEST_TELLING_INPUT = 80;

    private ToolUse() {}

    static String describe(JsonNode toolUse) {
        String name = toolUse.path("name").stringValue("tool");
        for (String input : TELLING_INPUTS) {
            String value = toolUse.path("input").path(input).stringValue("");
            if (!value.isBlank()) {
                String line = oneLine(value);
                return name
                        + " "
                        + (line.codePointCount(0, line.length()) > LONGEST_TELLING_INPUT
                                ? line.substring(
                                                0,
                                                line.offsetByCodePoints(0, LONGEST_TELLING_INPUT))
                                        + "…"
                                : line);
            }
        }
        return name;
    }

    /** The first line, without control characters. */
    static String oneLine(String value) {
        return value.strip().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", " ");
    }
}

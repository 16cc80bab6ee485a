package phoneopus.setup;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file's syntax. Texts are edited in place, which keeps the comments, order and spacing of
 * everything else; docs/decisions/0008 says why no library does this.
 */
interface Format {

    /**
     * Parses the text; an empty text is an empty object.
     *
     * @throws ConfigurationFile.MalformedException if the text is malformed
     */
    ObjectNode parse(String text);

    /** Returns the text with the value set at that path, creating the objects on the way. */
    String set(String text, List<String> place, JsonNode value);

    /** Returns the text without the value at that path. */
    String remove(String text, List<String> place);

    /** Returns a whole file with this content. */
    String render(ObjectNode root);
}

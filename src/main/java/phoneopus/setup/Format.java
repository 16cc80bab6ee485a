package phoneopus.setup;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file's syntax. Texts are edited in place, so that comments, order and spacing of everything
 * else stay; docs/decisions/0008 says why by hand.
 */
interface Format {

    /**
     * What the text says; nothing at all says an empty object.
     *
     * @throws ConfigurationFile.MalformedException where it cannot be read
     */
    ObjectNode parse(String text);

    /** The text with that value at that place, with the objects on the way there. */
    String set(String text, List<String> place, JsonNode value);

    /** The text without what is at that place. */
    String remove(String text, List<String> place);

    /** A whole file that says this. */
    String render(ObjectNode root);
}

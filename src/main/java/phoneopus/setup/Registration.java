package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import phoneopus.setup.ConfigurationFile.MalformedException;
import phoneopus.setup.ConfigurationFile.Next;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Our entry in a client's configuration file. */
public final class Registration {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final ClientFile client;
    private final Path path;
    private final ConfigurationFile file;

    /** Our entry in the user's configuration. */
    public Registration(ClientFile client, Map<String, String> environment) {
        this(client, client.file(environment));
    }

    Registration(ClientFile client, Path path) {
        this.client = client;
        this.path = path;
        this.file = new ConfigurationFile(path);
    }

    /** What an install or uninstall did. */
    public enum Done {
        /** There was no entry. */
        REGISTERED,
        /** There was an entry, which was changed. */
        UPDATED,
        /** The entry was removed. */
        REMOVED,
        /** Nothing had to be changed. */
        NOTHING
    }

    public ClientFile client() {
        return client;
    }

    public Path file() {
        return path;
    }

    /** The path of the backup from before our entry was added. */
    public Path backup() throws IOException {
        return file.backup();
    }

    public boolean fileExists() throws IOException {
        return file.read().isPresent();
    }

    /**
     * Our entry in the file.
     *
     * @throws MalformedException if the file is malformed
     */
    public Optional<ObjectNode> entry() throws IOException {
        return file.read().flatMap(text -> entry(client.format().parse(unmarked(text))));
    }

    /**
     * The original program's entry, which would start that program or a second phone-opus.
     *
     * @throws MalformedException if the file is malformed
     */
    public Optional<ObjectNode> original() throws IOException {
        return file.read().flatMap(text -> original(client.format().parse(unmarked(text))));
    }

    /**
     * Adds or updates our entry and removes the original program's. Other properties of the entry
     * are kept.
     */
    public Done install(Launch launch) throws IOException {
        AtomicReference<Done> done = new AtomicReference<>(Done.NOTHING);
        file.change(old -> {
            String text = old == null ? "" : unmarked(old);
            ObjectNode root = client.format().parse(text);
            ObjectNode present = entry(root).or(() -> original(root)).orElse(null);
            String changed = with(withoutOriginal(text), launch.entry(client, present));
            done.set(
                    changed.equals(text)
                            ? Done.NOTHING
                            : present != null ? Done.UPDATED : Done.REGISTERED);
            boolean firstCopy = entry(root).isEmpty() || file.readBackup().isEmpty();
            return new Next(mark(old) + changed, old != null && firstCopy);
        });
        return done.get();
    }

    /**
     * Removes our entry and the original program's. If nothing else has changed since the install,
     * the file is restored byte for byte.
     */
    public Done uninstall() throws IOException {
        AtomicReference<Done> done = new AtomicReference<>(Done.NOTHING);
        file.change(old -> {
            if (old == null) {
                return new Next(null, false);
            }
            String text = unmarked(old);
            ObjectNode root = client.format().parse(text);
            Optional<ObjectNode> present = entry(root);
            if (present.isEmpty() && original(root).isEmpty()) {
                return new Next(old, false);
            }
            done.set(Done.REMOVED);
            if (present.isEmpty()) {
                return new Next(mark(old) + withoutOriginal(text), false);
            }
            String before = file.readBackup().orElse(null);
            if (gives(before == null ? "" : before, text, present.get())) {
                return new Next(before, false);
            }
            return new Next(mark(old) + withoutOriginal(without(text, client.place())), false);
        });
        if (done.get() == Done.REMOVED) {
            file.forgetBackup();
        }
        return done.get();
    }

    /** The message for an install or uninstall that failed and changed nothing. */
    public String refusal(Exception why) {
        return why instanceof MalformedException
                ? "%s %s. Nothing was changed.".formatted(path, why.getMessage())
                : "%s could not be changed: %s. Nothing was changed."
                        .formatted(path, Finding.reason(why));
    }

    /** A file with only our entry. */
    public String shown(Launch launch) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.putObject(client.place().getFirst())
                .set(client.place().getLast(), launch.entry(client, null));
        return client.format().render(root);
    }

    /** Whether adding the entry to the old content gives the current text. */
    private boolean gives(String before, String text, ObjectNode present) {
        try {
            String then = unmarked(before);
            return entry(client.format().parse(then)).isEmpty()
                    && with(withoutOriginal(then), present).equals(text);
        } catch (MalformedException _) {
            return false; // The backup is not ours.
        }
    }

    private String with(String text, ObjectNode wanted) {
        ObjectNode root = client.format().parse(text);
        ObjectNode expected = root.deepCopy();
        JsonNode servers = expected.path(client.place().getFirst());
        if (!servers.isObject() && !servers.isMissingNode()) {
            throw new MalformedException(
                    "has no object at `" + client.place().getFirst() + "`, which lists servers");
        }
        expected.withObject("/" + client.place().getFirst()).set(client.place().getLast(), wanted);
        return checked(
                entry(root).isEmpty()
                        ? client.format().set(text, client.place(), wanted)
                        : updated(text, entry(root).get(), wanted, client.place()),
                expected);
    }

    /** Changes only what differs, which keeps the comments in our entry. */
    private String updated(String text, ObjectNode is, ObjectNode wanted, List<String> place) {
        String edited = text;
        for (Map.Entry<String, JsonNode> property : wanted.properties()) {
            List<String> below = new ArrayList<>(place);
            below.add(property.getKey());
            JsonNode old = is.path(property.getKey());
            if (old instanceof ObjectNode before
                    && property.getValue() instanceof ObjectNode after) {
                edited = updated(edited, before, after, below);
            } else if (!old.equals(property.getValue())) {
                edited = client.format().set(edited, below, property.getValue());
            }
        }
        return edited;
    }

    private String withoutOriginal(String text) {
        return original(client.format().parse(text)).isEmpty()
                ? text
                : without(text, client.placeOfTheOriginal());
    }

    private String without(String text, List<String> place) {
        ObjectNode expected = client.format().parse(text).deepCopy();
        ObjectNode servers = (ObjectNode) expected.path(place.getFirst());
        servers.remove(place.getLast());
        return checked(client.format().remove(text, place), expected);
    }

    /** Returns the edit if a parser reads the expected content from it. */
    private String checked(String edited, ObjectNode expected) {
        ObjectNode read;
        try {
            read = client.format().parse(edited);
        } catch (MalformedException _) {
            read = null;
        }
        if (read == null || !bare(read).equals(bare(expected))) {
            throw new MalformedException(
                    "has `%s` in a form that cannot be edited safely; add the output of `phone-opus install %s --print` by hand"
                            .formatted(client.place().getFirst(), client));
        }
        return edited;
    }

    /** Treats an empty object of servers as absent, since TOML cannot tell them apart. */
    private ObjectNode bare(ObjectNode root) {
        ObjectNode copy = root.deepCopy();
        if (copy.path(client.place().getFirst()).isEmpty()) {
            copy.remove(client.place().getFirst());
        }
        return copy;
    }

    private Optional<ObjectNode> entry(ObjectNode root) {
        return at(root, client.place());
    }

    private Optional<ObjectNode> original(ObjectNode root) {
        return at(root, client.placeOfTheOriginal());
    }

    private static Optional<ObjectNode> at(ObjectNode root, List<String> place) {
        JsonNode entry = root.path(place.getFirst()).path(place.getLast());
        return entry instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    private static String unmarked(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static String mark(@Nullable String text) {
        return text != null && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    }
}

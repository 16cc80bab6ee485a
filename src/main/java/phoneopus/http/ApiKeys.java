package phoneopus.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The valid keys: callers' names, each with the hash of its key.
 *
 * @param hashes SHA-256 by name. A key is 256 random bits and cannot be guessed, so the hash need
 *     not be slow; it cannot be reversed, so the file contains no usable key
 */
public record ApiKeys(SortedMap<String, String> hashes) {
    static final ApiKeys NONE = new ApiKeys(new TreeMap<>());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern LINE = Pattern.compile("(\\S+) ([0-9a-f]{64})");
    private static final SecureRandom CHANCE = new SecureRandom();
    private static final int KEY_BYTES = 32;

    /** Parses the format of {@link #text}; ignores blank lines and lines that begin with #. */
    static ApiKeys parse(String text) {
        SortedMap<String, String> hashes = new TreeMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher entry = LINE.matcher(line.strip());
            if (!entry.matches() || !isName(entry.group(1))) {
                throw new IllegalArgumentException(
                        "line "
                                + number
                                + " is not a name and a hash, as phone-opus key add writes them");
            }
            if (hashes.put(entry.group(1), entry.group(2)) != null) {
                throw new IllegalArgumentException("line " + number + " repeats a name");
            }
        }
        return new ApiKeys(hashes);
    }

    /** The content of the file. */
    public String text() {
        StringBuilder text =
                new StringBuilder(
                        "# Written by phone-opus key. Each line: name, SHA-256 of its key.\n");
        hashes.forEach((name, hash) -> text.append(name).append(' ').append(hash).append('\n'));
        return text.toString();
    }

    /** Whether the text is a valid caller's name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** A new random key. */
    public static String chooseKey() {
        byte[] bytes = new byte[KEY_BYTES];
        CHANCE.nextBytes(bytes);
        return "po_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public ApiKeys with(String name, String key) {
        SortedMap<String, String> more = new TreeMap<>(hashes);
        more.put(name, HexFormat.of().formatHex(hash(key)));
        return new ApiKeys(more);
    }

    public ApiKeys without(String name) {
        SortedMap<String, String> fewer = new TreeMap<>(hashes);
        fewer.remove(name);
        return new ApiKeys(fewer);
    }

    public boolean isEmpty() {
        return hashes.isEmpty();
    }

    /** The owner of a key. Takes the same time for any key, valid or not. */
    Optional<String> owner(String key) {
        byte[] hash = hash(key);
        Optional<String> owner = Optional.empty();
        for (Map.Entry<String, String> entry : hashes.entrySet()) {
            if (MessageDigest.isEqual(hash, HexFormat.of().parseHex(entry.getValue()))) {
                owner = Optional.of(entry.getKey());
            }
        }
        return owner;
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java has SHA-256.
        }
    }
}

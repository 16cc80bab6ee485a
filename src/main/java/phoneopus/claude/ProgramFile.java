package phoneopus.claude;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells from its first bytes whether a file can be run as a command: the remains of an interrupted
 * install or download are often marked executable.
 */
final class ProgramFile {
    private static final int HEAD = 1_024;

    private static final List<byte[]> PROGRAMS =
            List.of(
                    new byte[] {0x7f, 'E', 'L', 'F'},
                    bytes(0xcf, 0xfa, 0xed, 0xfe), // Mach-O, 64 bit
                    bytes(0xca, 0xfe, 0xba, 0xbe)); // Mach-O, for several processors

    /** In the file that npm leaves if the install script did not run. */
    private static final String STUB = "native binary not installed";

    private ProgramFile() {}

    /**
     * Why the file cannot be run; a predicate, such as "is empty".
     *
     * @return empty if it can be run or does not exist
     */
    static Optional<String> flaw(Path file) {
        if (!Files.exists(file)) {
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of("is a broken link")
                    : Optional.empty();
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of(Files.isDirectory(file) ? "is a folder" : "is not a regular file");
        }
        if (!Files.isExecutable(file)) {
            return Optional.of("cannot be executed");
        }
        byte[] head;
        try (InputStream content = Files.newInputStream(file)) {
            head = content.readNBytes(HEAD);
        } catch (IOException _) {
            return Optional.empty(); // A file may be executable but not readable.
        }
        return flaw(head);
    }

    static boolean runnable(Path file) {
        return Files.exists(file) && flaw(file).isEmpty();
    }

    /** Whether it is a script that finds {@code node} on the PATH. */
    static boolean needsNode(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            String line = text(content.readNBytes(HEAD)).lines().findFirst().orElse("");
            return line.startsWith("#!") && line.contains("env") && line.contains("node");
        } catch (IOException _) {
            return false;
        }
    }

    private static Optional<String> flaw(byte[] head) {
        if (head.length == 0) {
            return Optional.of("is empty");
        }
        if (PROGRAMS.stream().anyMatch(magic -> startsWith(head, magic))) {
            return Optional.empty();
        }
        String text = text(head);
        if (text.contains(STUB)) {
            return Optional.of("is the stub that npm leaves if its install script did not run");
        }
        String shown = text.startsWith("#!") ? text.lines().skip(1).findFirst().orElse("") : text;
        String start = shown.stripLeading().toLowerCase(Locale.ROOT);
        if (start.startsWith("<!doctype") || start.startsWith("<html")) {
            return Optional.of("is a web page");
        }
        return text.startsWith("#!")
                ? Optional.empty()
                : Optional.of("is neither a program nor a script that names its interpreter");
    }

    private static String text(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1);
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length
                && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}

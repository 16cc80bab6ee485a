package phoneopus.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.unit.DataSize;
import phoneopus.mcp.InvalidArgumentException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The question of {@code ask}: its words, then files, then what is piped to it. */
final class Question {
    private static final String STDIN = "-";

    @Parameters(
            arity = "0..*",
            paramLabel = "QUESTION|-",
            description = "The question, in quotes; - waits for stdin and appends it.")
    private List<String> words = List.of();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Append this file; without a question, it is the question.")
    private List<Path> files = List.of();

    private final List<String> texts = new ArrayList<>();
    private final PipedInput stdin;

    Question(PipedInput stdin) {
        this.stdin = stdin;
    }

    /**
     * Reads the files and begins to read stdin.
     *
     * @param err is told what is appended
     * @throws InvalidArgumentException if there is no question, or a file cannot be read or is not
     *     text
     */
    void begin(PrintStream err) {
        List<String> spoken = words.stream().filter(word -> !word.equals(STDIN)).toList();
        if (spoken.size() > 1) {
            throw new InvalidArgumentException(
                    "The question must be one argument: put quotes around it");
        }
        texts.addAll(spoken);
        for (Path file : files) {
            append("File " + file + ":\n\n", file.toString(), content(file), err);
        }
        if (readsStdin()) {
            stdin.begin();
        } else if (texts.isEmpty()) {
            throw none();
        }
    }

    private boolean readsStdin() {
        return waitsForStdin() || stdin.piped();
    }

    private boolean waitsForStdin() {
        return words.contains(STDIN);
    }

    /**
     * The whole text.
     *
     * @throws InvalidArgumentException if there is no question, or stdin cannot be read or is not
     *     text
     */
    String text(PrintStream err) throws InterruptedException {
        if (readsStdin()) {
            try {
                String input = waitsForStdin() ? stdin.untilItsEnd() : stdin.text(err).orElse("");
                append("", "stdin", input, err);
            } catch (IOException e) {
                throw new InvalidArgumentException("stdin cannot be read: " + e.getMessage());
            }
        }
        if (texts.isEmpty()) {
            throw none();
        }
        return String.join("\n\n", texts);
    }

    private static InvalidArgumentException none() {
        return new InvalidArgumentException(
                "The question is missing: give it in quotes, with -f FILE, or on stdin");
    }

    /** The first text is the question itself, and needs no heading. */
    private void append(String heading, String name, String text, PrintStream err) {
        if (text.isBlank()) {
            return;
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidArgumentException(name + " is not text");
        }
        if (texts.isEmpty()) {
            texts.add(text);
            return;
        }
        texts.add(heading + text);
        err.printf(
                "appended %s: %s, %s%n",
                PlainText.of(name), lines(text.lines().count()), size(text));
    }

    private static String lines(long count) {
        return count == 1 ? "1 line" : count + " lines";
    }

    private static String size(String text) {
        DataSize size = DataSize.ofBytes(text.getBytes(StandardCharsets.UTF_8).length);
        return size.toKilobytes() == 0 ? size.toBytes() + " bytes" : size.toKilobytes() + " KB";
    }

    private static String content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(PipedInput.MOST + 1);
            if (bytes.length > PipedInput.MOST) {
                throw new InvalidArgumentException(file + " is too long for a question");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            throw new InvalidArgumentException(file + " does not exist");
        } catch (FileSystemException e) {
            throw new InvalidArgumentException(
                    file + " cannot be read" + (e.getReason() == null ? "" : ": " + e.getReason()));
        } catch (IOException e) {
            throw new InvalidArgumentException(file + " cannot be read: " + e.getMessage());
        }
    }
}

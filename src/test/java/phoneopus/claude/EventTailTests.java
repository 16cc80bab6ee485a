package phoneopus.claude;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.run.EventTail;

class EventTailTests {

    static final int CHUNK = 64 * 1024;
    static final int LONGEST_LINE = 32 * 1024 * 1024;

    @TempDir Path folder;
    final EventReader events = new EventReader();
    Path file;
    EventTail tail;

    @BeforeEach
    void follow() {
        file = folder.resolve("events.jsonl");
        tail = new EventTail(file, events::line);
    }

    @Test
    void aFileThatIsNotThereYetHasNoEvents() throws IOException {
        tail.read();
        tail.readToEnd();
        write(result("Yes.") + "\n");
        tail.read();

        assertThat(answer()).isEqualTo("Yes.");
    }

    @Test
    void halfALineWaitsForItsRest() throws IOException {
        var line = result("Yes.") + "\n";

        write(line.substring(0, 20));
        tail.read();
        var before = events.result();
        write(line.substring(20));
        tail.read();

        assertThat(before).isEmpty();
        assertThat(answer()).isEqualTo("Yes.");
    }

    @Test
    void takesUpWhereTheLastReadEnded() throws IOException {
        write(turn(1) + "\n" + turn(2) + "\n");
        tail.read();
        tail.read();
        var before = events.activity().turns();
        write(turn(3) + "\n");
        tail.read();

        assertThat(before).isEqualTo(2);
        assertThat(events.activity().turns()).isEqualTo(3);
    }

    @Test
    void takesUpWhereItEndedAlsoOnceItWasClosed() throws IOException {
        var half = turn(2) + "\n";
        write(turn(1) + "\n" + half.substring(0, 9));
        tail.read();
        tail.close();
        write(half.substring(9));
        tail.read();

        assertThat(events.activity().turns()).isEqualTo(2);
    }

    @Test
    void readsALastLineWithoutItsLineEndOnlyAtTheEnd() throws IOException {
        write(turn(1) + "\n" + result("Yes."));
        tail.read();
        var before = events.result();
        tail.readToEnd();

        assertThat(before).isEmpty();
        assertThat(answer()).isEqualTo("Yes.");
    }

    @Test
    void passesOverEmptyLines() throws IOException {
        write("\n\n" + turn(1) + "\n\n\n" + result("Yes.") + "\n\n");
        tail.readToEnd();

        assertThat(events.activity().turns()).isEqualTo(1);
        assertThat(answer()).isEqualTo("Yes.");
    }

    @Test
    void readsALineLongerThanAChunk() throws IOException {
        var text = "x".repeat(3 * CHUNK + 1);

        write(result(text) + "\n");
        tail.read();

        assertThat(answer()).isEqualTo(text);
    }

    @Test
    void readsACharacterThatLiesAcrossTwoChunks() throws IOException {
        var start = result("").indexOf("\"\"}") + 1;
        var text = "x".repeat(CHUNK - start - 1) + "é" + "x".repeat(CHUNK - 3) + "😀";

        write(result(text) + "\n");
        tail.read();

        assertThat(answer()).isEqualTo(text);
    }

    @Test
    void readsACharacterThatIsWrittenByteByByte() throws IOException {
        for (byte one : (result("é😀") + "\n").getBytes(UTF_8)) {
            Files.write(file, new byte[] {one}, CREATE, APPEND);
            tail.read();
        }

        assertThat(answer()).isEqualTo("é😀");
    }

    @Test
    void passesOverALineThatIsTooLong() throws IOException {
        var tooLong = new byte[LONGEST_LINE + 1];
        Arrays.fill(tooLong, (byte) 'x');

        write(turn(1) + "\n");
        Files.write(file, tooLong, APPEND);
        write("\n" + turn(2) + "\n" + result("Yes.") + "\n");
        tail.readToEnd();

        assertThat(events.activity().turns()).isEqualTo(2);
        assertThat(answer()).isEqualTo("Yes.");
    }

    @Test
    void leavesWhatIsTooMuchForOneLookToTheNext() throws IOException {
        var filler = "\n".repeat(5 * 1024 * 1024);

        write(turn(1) + filler + turn(2) + "\n");
        tail.read();
        var first = events.activity().turns();
        tail.read();

        assertThat(first).isEqualTo(1);
        assertThat(events.activity().turns()).isEqualTo(2);
    }

    @Test
    void readsTheLongestLine() throws IOException {
        var text = "x".repeat(LONGEST_LINE - result("").length());

        write(result(text) + "\n");
        tail.readToEnd();

        assertThat(answer()).hasSameSizeAs(text);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text, CREATE, APPEND);
    }

    private String answer() {
        return events.result().orElseThrow().path("result").asString();
    }

    private static String result(String text) {
        return "{\"type\":\"result\",\"result\":\"" + text + "\"}";
    }

    private static String turn(int number) {
        return "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_" + number + "\"}}";
    }
}

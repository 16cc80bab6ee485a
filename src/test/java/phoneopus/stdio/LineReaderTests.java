package phoneopus.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.stdio.LineReader.Line;

class LineReaderTests {

    private static final int LONGEST = 200_000;

    @Test
    void linesComeOneByOneWithoutTheirEnds() throws IOException {
        var lines = read("one\ntwo\n\nthree\n");

        assertThat(lines).containsExactly("one", "two", "", "three");
    }

    @Test
    void aCarriageReturnBelongsToTheLineEnd() throws IOException {
        var lines = read("one\r\n\r\na\rb\r\n");

        assertThat(lines).containsExactly("one", "", "a\rb");
    }

    @Test
    void aLastLineNeedsNoEnd() throws IOException {
        var lines = read("one\nlast");

        assertThat(lines).containsExactly("one", "last");
    }

    @Test
    void noInputIsNoLine() throws IOException {
        var lines = read("");

        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 131_072, LONGEST})
    void aLineMayBeLongerThanWhatIsReadAtOnce(int length) throws IOException {
        var lines = read("x".repeat(length) + "\nnext\n");

        assertThat(lines).containsExactly("x".repeat(length), "next");
    }

    @ParameterizedTest
    @ValueSource(ints = {LONGEST + 1, 3 * LONGEST})
    void aLineThatIsTooLongIsPassedOverToItsEnd(int length) throws IOException {
        var lines = read("before\n" + "x".repeat(length) + "\nafter\n");

        assertThat(lines).containsExactly("before", "(too long)", "after");
    }

    @Test
    void aLastLineThatIsTooLongIsPassedOverToo() throws IOException {
        var lines = read("x".repeat(LONGEST + 1));

        assertThat(lines).containsExactly("(too long)");
    }

    @Test
    void aLineMayComeByteByByte() throws IOException {
        var slow =
                new ByteArrayInputStream("één\r\ntwee".getBytes(StandardCharsets.UTF_8)) {
                    @Override
                    public int read(byte[] bytes) {
                        return super.read(bytes, 0, 1);
                    }
                };

        var lines = read(slow);

        assertThat(lines).containsExactly("één", "twee");
    }

    @Test
    void theEndStaysTheEnd() throws IOException {
        var reader = new LineReader(new ByteArrayInputStream(new byte[0]), LONGEST);

        reader.next();

        assertThat(reader.next()).isEqualTo(new Line.End());
    }

    private static List<String> read(String text) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> read(InputStream in) throws IOException {
        var reader = new LineReader(in, LONGEST);
        var lines = new ArrayList<String>();
        while (true) {
            switch (reader.next()) {
                case Line.Text(var bytes) ->
                        lines.add(StandardCharsets.UTF_8.decode(bytes).toString());
                case Line.TooLong _ -> lines.add("(too long)");
                case Line.End _ -> {
                    return lines;
                }
            }
        }
    }
}

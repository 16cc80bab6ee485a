package phoneopus.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegularFilesTests {

    @TempDir Path folder;
    private Process holder;

    @AfterEach
    void letGo() {
        if (holder != null) {
            holder.destroyForcibly();
        }
    }

    @Test
    void whatIsWrittenHereIsRead() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "one");

        assertThat(RegularFiles.exists(file)).isTrue();
        assertThat(RegularFiles.otherKind(file)).isFalse();
        assertThat(RegularFiles.size(file)).isEqualTo(3);
        assertThat(RegularFiles.read(file)).asString().isEqualTo("one");
    }

    @Test
    void whereNothingIsNothingIsTaken() {
        assertThat(RegularFiles.taken(folder.resolve("file"))).isFalse();
        assertThat(RegularFiles.exists(folder.resolve("file"))).isFalse();
        assertThat(RegularFiles.otherKind(folder.resolve("file"))).isFalse();
        assertThat(RegularFiles.noDirectory(folder.resolve("file"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "link to nowhere", "link to a device", "folder", "pipe"})
    void anythingElseTakesThePlaceAndIsNoFile(String kind) throws Exception {
        var place = folder.resolve("place");
        switch (kind) {
            case "link" ->
                    Files.createSymbolicLink(
                            place, Files.writeString(folder.resolve("elsewhere"), "one"));
            case "link to nowhere" -> Files.createSymbolicLink(place, folder.resolve("elsewhere"));
            case "link to a device" -> Files.createSymbolicLink(place, Path.of("/dev/zero"));
            case "folder" -> Files.createDirectory(place);
            default -> makePipe(place);
        }

        assertThat(RegularFiles.taken(place)).isTrue();
        assertThat(RegularFiles.exists(place)).isFalse();
        assertThat(RegularFiles.otherKind(place)).isTrue();
        assertThat(RegularFiles.noDirectory(place)).isEqualTo(!kind.equals("folder"));
        assertThat(RegularFiles.size(place)).isZero();
        assertThatThrownBy(() -> RegularFiles.open(place).close())
                .isInstanceOf(NoSuchFileException.class);
    }

    /** Held open, so that whoever opens it all the same does not wait for ever. */
    private void makePipe(Path place) throws IOException {
        holder =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "mkfifo \"$0\" && exec 3<>\"$0\" && echo open && exec sleep 60",
                                place.toString())
                        .start();
        assertThat(holder.inputReader().readLine()).isEqualTo("open");
    }
}

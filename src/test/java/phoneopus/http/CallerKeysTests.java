package phoneopus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CallerKeysTests {

    private static final String ANNA = ApiKeys.chooseKey();
    private static final String BEN = ApiKeys.chooseKey();

    @TempDir Path folder;
    Path file;

    @BeforeEach
    void writeKeys() throws IOException {
        file = folder.resolve("keys");
        write(ApiKeys.NONE.with("anna", ANNA).text());
    }

    @Test
    void whatChangesInTheFileCountsAtOnce() throws IOException {
        var keys = keys();

        assertThat(keys.owner(ANNA)).contains("anna");
        write(ApiKeys.NONE.with("anna", ANNA).with("ben", BEN).text());
        assertThat(keys.owner(BEN)).contains("ben");
        write(ApiKeys.NONE.with("ben", BEN).text());
        assertThat(keys.owner(ANNA)).isEmpty();
    }

    @Test
    void aKeyThatIsReplacedWithinTheFileCountsAtOnce() throws IOException {
        var keys = keys();
        var before = lastChange();

        // Until the clock of the file system has moved on.
        while (lastChange().equals(before)) {
            Files.writeString(file, ApiKeys.NONE.with("anna", BEN).text());
        }

        assertThat(keys.owner(ANNA)).isEmpty();
        assertThat(keys.owner(BEN)).contains("anna");
    }

    @Test
    void aFileThatIsGoneHoldsNoKeys() throws IOException {
        var keys = keys();

        Files.delete(file);

        assertThat(keys.needed()).isTrue();
        assertThat(keys.owner(ANNA)).isEmpty();
    }

    @Test
    void aFileThatIsSpoiltLaterLetsNobodyInUntilItIsMended() throws IOException {
        var keys = keys();

        write("nonsense");
        assertThat(keys.owner(ANNA)).isEmpty();
        write(ApiKeys.NONE.with("anna", ANNA).text());
        assertThat(keys.owner(ANNA)).contains("anna");
    }

    @Test
    void aByteOrderMarkOfAnEditorIsNoPartOfTheKeys() throws IOException {
        write("\uFEFF" + ApiKeys.NONE.with("anna", ANNA).text());

        assertThat(keys().owner(ANNA)).contains("anna");
    }

    @Test
    void aFileThatIsNoKeysFileStopsTheStart() throws IOException {
        write("anna");

        assertThatIllegalStateException()
                .isThrownBy(this::keys)
                .withMessageContaining("line 1 is not a name and a hash");
    }

    @Test
    void aFileThatOthersMayWriteStopsTheStart() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w----"));

        assertThatIllegalStateException()
                .isThrownBy(this::keys)
                .withMessageContaining("other users can write it");
    }

    @Test
    void aFileThatIsNoTextStopsTheStart() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, 0, 1});

        assertThatIllegalStateException()
                .isThrownBy(this::keys)
                .withMessageContaining("it is not text");
    }

    @Test
    void aDirectoryInItsPlaceStopsTheStart() throws IOException {
        Files.delete(file);
        Files.createDirectory(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThatIllegalStateException()
                .isThrownBy(this::keys)
                .withMessageEndingWith("cannot be used: Is a directory.");
    }

    private CallerKeys keys() {
        return new CallerKeys(
                new Binder(
                                new MapConfigurationPropertySource(
                                        Map.of("phone-opus.http.keys-file", file.toString())))
                        .bindOrCreate("phone-opus.http", HttpProperties.class));
    }

    private Object lastChange() throws IOException {
        return Files.getAttribute(file, "unix:ctime");
    }

    private void write(String text) throws IOException {
        var beside = folder.resolve("new");
        Files.writeString(beside, text);
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-------"));
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

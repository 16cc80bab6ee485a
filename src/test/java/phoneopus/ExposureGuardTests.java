package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import phoneopus.claude.ClaudeProperties;
import phoneopus.http.HttpProperties;
import phoneopus.job.ConsultProperties;

class ExposureGuardTests {

    @TempDir Path folder;
    Map<String, String> settings;

    @BeforeEach
    void setEverythingThatIsNeeded() throws IOException {
        var keys = folder.resolve("keys");
        Files.writeString(keys, "anna " + "0".repeat(64) + "\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        settings =
                new HashMap<>(
                        Map.of(
                                "phone-opus.http.address", "0.0.0.0",
                                "phone-opus.http.keys-file", keys.toString(),
                                "phone-opus.consult.allowed-roots", "/repositories",
                                "phone-opus.claude.restricted", "true"));
    }

    @Test
    void withKeysRootsAndNoShellTheyAreLetIn() {
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void whoTrustsItsCallersMayLeaveThemAShell() {
        settings.remove("phone-opus.claude.restricted");
        settings.put("phone-opus.http.i-trust-callers", "true");

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
    void onLoopbackNothingIsNeeded(String address) {
        settings = Map.of("phone-opus.http.address", address);

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"})
    void anyOtherAddressNeedsAllThreeAndSaysWhichAreMissing(String address) {
        settings = Map.of("phone-opus.http.address", address);

        assertThat(catchThrowable(this::check))
                .hasMessageContaining(address)
                .hasMessageContaining("a key (")
                .hasMessageContaining("phone-opus.consult.allowed-roots;")
                .hasMessageContaining("phone-opus.claude.restricted=true")
                .hasMessageEndingWith(".");
    }

    @Test
    void keysAloneAreNotEnough() {
        settings.remove("phone-opus.claude.restricted");

        assertThat(catchThrowable(this::check))
                .hasMessageEndingWith(
                        "also requires: phone-opus.claude.restricted=true (or phone-opus.http.i-trust-callers=true).");
    }

    @Test
    void withoutRootsAnythingCouldBeRead() {
        settings.remove("phone-opus.consult.allowed-roots");

        assertThat(catchThrowable(this::check))
                .hasMessageEndingWith("also requires: phone-opus.consult.allowed-roots.");
    }

    @Test
    void aKeysFileWithNoKeyInItIsNotEnough() throws IOException {
        Files.writeString(folder.resolve("keys"), "# nobody yet\n");

        assertThat(catchThrowable(this::check)).hasMessageContaining("also requires: a key (");
    }

    private void check() {
        var binder = new Binder(new MapConfigurationPropertySource(settings));
        new ExposureGuard(
                binder.bindOrCreate("phone-opus.http", HttpProperties.class),
                binder.bindOrCreate("phone-opus.consult", ConsultProperties.class),
                binder.bindOrCreate("phone-opus.claude", ClaudeProperties.class));
    }
}

package phoneopus.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserHomeTests {

    @ParameterizedTest
    @CsvSource({"~, /home/me", "~/a/b, /home/me/a/b", "~you/a, ~you/a", "a/~, a/~", "/a, /a"})
    void aTildeAtTheBeginningIsTheHome(Path path, Path expanded) {
        assertThat(UserHome.expand(path, Path.of("/home/me"))).isEqualTo(expanded);
    }

    @Test
    void theHomeOfAnEnvironmentIsItsOwnOrOurs() {
        assertThat(UserHome.of(Map.of("HOME", "/home/me"))).isEqualTo(Path.of("/home/me"));
        assertThat(UserHome.of(Map.of())).isEqualTo(Path.of(System.getProperty("user.home")));
    }
}

package phoneopus.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import phoneopus.job.Consults;
import phoneopus.job.FakeClaude;
import phoneopus.job.WiredServer;
import phoneopus.spool.Sessions.SessionNotFoundException;

class SessionsTests {

    @TempDir Path folder;
    WiredServer server;

    @BeforeEach
    void makeServer() throws IOException {
        server =
                new WiredServer(
                        folder.resolve("state"),
                        new FakeClaude(folder.resolve("fake")).command(),
                        Map.of());
    }

    @Test
    void theCostOfASessionIsTheLastOneRemembered() throws IOException {
        var session = UUID.randomUUID();

        server.sessions.rememberCost(session, 0.25);
        server.sessions.rememberCost(session, 0.4);

        assertThat(server.sessions.costOf(session)).hasValue(0.4);
        assertThat(server.sessions.costOf(UUID.randomUUID())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"alice,alice", ","})
    void whoBeganASessionGoesOnWithIt(String first, String second) throws IOException {
        var begun = request(null, first);
        server.sessions.own(begun);

        server.sessions.admit(request(begun.sessionId(), second));

        assertThat(begun.consult().principal()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"alice,bob", "alice,", ",bob"})
    void somebodyElsesSessionIsNotFound(String first, String second) throws IOException {
        var begun = request(null, first);
        server.sessions.own(begun);

        var resumed = request(begun.sessionId(), second);

        assertThatThrownBy(() -> server.sessions.admit(resumed))
                .isInstanceOf(SessionNotFoundException.class)
                .hasMessageContaining(begun.sessionId().toString());
    }

    @Test
    void aSessionThatNobodyBeganHereIsOnlyForWhoeverHasNoName() throws IOException {
        var unknown = UUID.randomUUID();

        server.sessions.admit(request(unknown, null));

        assertThatThrownBy(() -> server.sessions.admit(request(unknown, "alice")))
                .isInstanceOf(SessionNotFoundException.class);
    }

    @Test
    void nobodyElseCanReadThem() throws IOException {
        var request = request(null, "alice");

        server.sessions.own(request);
        server.sessions.rememberCost(request.sessionId(), 0.25);

        for (String name : new String[] {"owners", "sessions"}) {
            var file = folder.resolve("state").resolve(name).resolve("" + request.sessionId());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    private JobRequest request(UUID session, String principal) throws IOException {
        return server.requests.freeze(
                Consults.of("Why?", folder, session, principal), JobMode.SYNC);
    }
}

package phoneopus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import phoneopus.mcp.Caller;

class ClientSessionsTests {

    private static final Caller ANNA = new Caller("anna");
    private static final Caller BEN = new Caller("ben");
    private static final Caller CARL = new Caller("carl");

    private final Ticking clock = new Ticking();
    private final ClientSessions sessions =
            new ClientSessions(
                    new Binder(
                                    new MapConfigurationPropertySource(
                                            Map.of("phone-opus.http.max-sessions", "10")))
                            .bindOrCreate("phone-opus.http", HttpProperties.class),
                    clock);

    @Test
    void whoTakesAllOfThemOnlyReplacesItsOwn() {
        var annas = add(ANNA, false);

        var bens = many(BEN, 20, false);

        assertThat(annas.closed).isFalse();
        assertThat(sessions.find(annas.id(), ANNA, Session.class)).contains(annas);
        assertThat(bens.stream().filter(each -> !each.closed)).hasSize(9);
    }

    @Test
    void whoHasTheMostGivesWayToWhoComesEvenWhereAllAreInUse() {
        var bens = many(BEN, 10, true);

        var annas = add(ANNA, false);
        var carls = add(CARL, true);

        assertThat(annas.closed).isFalse();
        assertThat(carls.closed).isFalse();
        assertThat(bens.stream().filter(each -> each.closed))
                .containsExactly(bens.get(0), bens.get(1));
    }

    @Test
    void anIdleOneGoesBeforeOneInUse() {
        many(BEN, 5, true);
        var idle = add(BEN, false);
        many(BEN, 4, true);

        add(ANNA, false);

        assertThat(idle.closed).isTrue();
    }

    @Test
    void whoHasNoFewerThanTheOthersIsRefusedWhereItsOwnAreAllInUse() {
        many(BEN, 5, false);
        many(ANNA, 5, true);

        assertThatExceptionOfType(HttpRefusal.class)
                .isThrownBy(() -> add(ANNA, false))
                .withMessageContaining("too many sessions");
    }

    @Test
    void whoWouldHaveAsManyAsTheOneWithTheMostTakesNoneOfIts() {
        var bens = many(BEN, 5, true);
        many(CARL, 1, true);
        var annas = many(ANNA, 4, true);

        assertThatExceptionOfType(HttpRefusal.class).isThrownBy(() -> add(ANNA, true));

        assertThat(bens).noneMatch(each -> each.closed);
        assertThat(annas).noneMatch(each -> each.closed);
    }

    @Test
    void withoutNamesOneThatIsIdleMakesRoomAndNoneThatIsInUse() {
        var idle = add(Caller.UNNAMED, false);
        many(Caller.UNNAMED, 9, true);

        add(Caller.UNNAMED, true);

        assertThat(idle.closed).isTrue();
        assertThatExceptionOfType(HttpRefusal.class).isThrownBy(() -> add(Caller.UNNAMED, true));
    }

    @Test
    void oneThatWasInUseForLongIsKeptAsLongAsAnyOtherAfterIt() {
        var session = add(ANNA, true);
        clock.ticks += (int) Duration.ofHours(1).toSeconds();
        sessions.sweep();
        session.busy = false;

        clock.ticks += (int) Duration.ofMinutes(29).toSeconds();
        sessions.sweep();
        var closedInTime = session.closed;
        clock.ticks += (int) Duration.ofMinutes(2).toSeconds();
        sessions.sweep();

        assertThat(closedInTime).isFalse();
        assertThat(session.closed).isTrue();
    }

    private List<Session> many(Caller caller, int count, boolean busy) {
        var many = new ArrayList<Session>();
        for (int i = 0; i < count; i++) {
            many.add(add(caller, busy));
        }
        return many;
    }

    private Session add(Caller caller, boolean busy) {
        var session = new Session(clock.ticks + "-" + caller.name(), caller, busy);
        sessions.add(session);
        return session;
    }

    private static final class Session implements ClientSession {
        private final String id;
        private final Caller caller;
        private boolean busy;
        private boolean closed;

        Session(String id, Caller caller, boolean busy) {
            this.id = id;
            this.caller = caller;
            this.busy = busy;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public boolean busy() {
            return busy;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A second later whenever it is asked. */
    private static final class Ticking extends Clock {
        private int ticks;

        @Override
        public Instant instant() {
            return Instant.EPOCH.plus(Duration.ofSeconds(++ticks));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

package phoneopus.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import phoneopus.http.GuardedHttp.Waiting;

class GuardedHttpTests {

    private final List<String> closed = new ArrayList<>();

    @Test
    void theAddressThatHasMostConnectionsMakesRoom() {
        var waiting = new ArrayList<>(of("10.0.0.9", 100));
        waiting.add(waiting("10.0.0.1", 1_000));
        waiting.addAll(of("10.0.0.2", 20));

        GuardedHttp.drop(waiting, 80);

        assertThat(closed).hasSize(80).allMatch(each -> each.startsWith("10.0.0.9 "));
    }

    @Test
    void itsOldestGoFirst() {
        GuardedHttp.drop(of("10.0.0.9", 5), 2);

        assertThat(closed).containsExactly("10.0.0.9 5", "10.0.0.9 4");
    }

    @Test
    void noneIsBroughtBelowTheOthers() {
        var waiting = new ArrayList<>(of("10.0.0.9", 10));
        waiting.addAll(of("10.0.0.2", 4));

        GuardedHttp.drop(waiting, 10);

        assertThat(closed).filteredOn(each -> each.startsWith("10.0.0.9 ")).hasSize(8);
        assertThat(closed).filteredOn(each -> each.startsWith("10.0.0.2 ")).hasSize(2);
    }

    @Test
    void whereAllWaitAllMayGo() {
        GuardedHttp.drop(of("10.0.0.9", 3), 7);

        assertThat(closed).hasSize(3);
    }

    /** From 1 to that many old. */
    private List<Waiting> of(String address, int many) {
        return IntStream.rangeClosed(1, many).mapToObj(age -> waiting(address, age)).toList();
    }

    private Waiting waiting(String address, long age) {
        return new Waiting(() -> closed.add(address + " " + age), address, age);
    }
}

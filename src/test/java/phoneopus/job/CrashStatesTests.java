package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.disk.Disk;
import phoneopus.disk.Operation;
import phoneopus.disk.PowerCut;
import phoneopus.job.CrashScenarios.Scenario;

/**
 * All that is written from a consult's acceptance to its drop is recorded, cut off after each step,
 * and what is not synced by then is lost or half there. A server that starts on what is left keeps
 * every word that was given. As many states as {@code -Dcrash.states} says, or {@code all}; which
 * ones, by {@code -Dcrash.seed}.
 */
class CrashStatesTests {
    private static final String STATES = System.getProperty("crash.states", "100");
    private static final long SEED = Long.getLong("crash.seed", 20261126);

    /** Only scenarios whose name has this in it, to look closer. */
    private static final String ONLY = System.getProperty("crash.only", "");

    private static final int MOST_SHOWN = 20;

    @TempDir Path temporary;

    /**
     * A disk that a server may find.
     *
     * @param sameBoot whether only the server was killed
     */
    private record State(
            Scenario scenario, Disk disk, List<Fact> facts, boolean sameBoot, String how) {}

    @Test
    void whatWasToldStaysTrueWhateverIsCutOff() throws Exception {
        var folder = temporary.toRealPath();
        var claude = new QuickClaude(folder.resolve("fake"));
        var all = new ArrayList<State>();
        for (Scenario scenario : new CrashScenarios(folder, claude).all()) {
            if (scenario.name().contains(ONLY)) {
                all.addAll(statesOf(scenario));
            }
        }
        var chosen = chosen(all);

        var failures = new ArrayList<String>();
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        try (var workers = Executors.newFixedThreadPool(threads)) {
            var checks = new LinkedHashMap<State, Future<?>>();
            for (int i = 0; i < chosen.size(); i++) {
                var root = folder.resolve("state-" + i);
                var state = chosen.get(i);
                Callable<Void> check =
                        () -> {
                            new CrashedState(root, state.scenario(), state.facts(), claude)
                                    .check(state.disk(), state.sameBoot());
                            return null;
                        };
                checks.put(state, workers.submit(check));
            }
            for (var check : checks.entrySet()) {
                try {
                    check.getValue().get();
                } catch (ExecutionException e) {
                    failures.add(check.getKey().how() + "\n    " + e.getCause());
                }
            }
        }

        // Maven shows no report entries.
        System.out.printf(
                "%n%d of %d crash states tried, seed %d, %d failed%n",
                chosen.size(), all.size(), SEED, failures.size());
        assertThat(failures.subList(0, Math.min(MOST_SHOWN, failures.size())))
                .as("of %d states", chosen.size())
                .isEmpty();
    }

    /** The later of equal ones: by then more was told. */
    private static List<State> statesOf(Scenario scenario) {
        var random = new Random(SEED);
        var cut = new PowerCut(scenario.recording());
        var states = new ArrayList<State>();
        var facts = new ArrayList<>(scenario.before());
        do {
            var done = cut.done();
            var last = done.isEmpty() ? null : done.getLast();
            if (last instanceof Operation.Told(Object fact)) {
                facts.add((Fact) fact);
            }
            var where = "%s, after %d: %s".formatted(scenario.name(), done.size(), last);
            var told = List.copyOf(facts);
            states.add(new State(scenario, cut.killed(), told, true, where + ", killed"));
            cut.cut(random)
                    .forEach((how, disk) ->
                            states.add(new State(scenario, disk, told, false, where + ", " + how)));
        } while (cut.next());
        Collections.reverse(states);
        var seen = new HashSet<String>();
        states.removeIf(state -> !seen.add(state.sameBoot() + state.disk().digest()));
        return states;
    }

    private static List<State> chosen(List<State> all) {
        var shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(SEED));
        return STATES.equals("all")
                ? shuffled
                : shuffled.subList(0, Math.min(shuffled.size(), Integer.parseInt(STATES)));
    }
}

package phoneopus.run;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import phoneopus.run.ProcessTable.Stat;
import phoneopus.time.Deadline;

/**
 * A run that another program started and of which only the pid is known. Its start time
 * distinguishes it from other processes with the same pid.
 */
public final class OtherProcess {
    /** The kernel gives the boot time in whole seconds. */
    private static final Duration INEXACT = Duration.ofSeconds(2);

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final Stat leader;
    private final Instant started;

    private OtherProcess(Stat leader, Instant started) {
        this.leader = leader;
        this.started = started;
    }

    /**
     * Finds the live process with that pid.
     *
     * @param notAfter when it was last known to run: a process that started later is another one
     */
    public static Optional<OtherProcess> find(long pid, Instant notAfter) {
        if (pid <= 1) {
            return Optional.empty();
        }
        return ProcessTable.find(pid)
                .filter(Stat::live)
                .flatMap(leader ->
                        ProcessHandle.of(pid)
                                .flatMap(process -> process.info().startInstant())
                                .map(started -> new OtherProcess(leader, started)))
                .filter(found -> !found.started.isAfter(notAfter.plus(INEXACT)));
    }

    /** Whether it may have started at or after that time. */
    public boolean startedSince(Instant time) {
        return !started.isBefore(time.minus(INEXACT));
    }

    /**
     * Ends it and everything it started, after five seconds by force.
     *
     * @return whether it has ended
     */
    public boolean end() throws InterruptedException {
        Set<Stat> tree = tree();
        tree.forEach(process -> signal(process, false));
        awaitEnd(GRACE);
        // A dead leader has no descendants any more; its session remains.
        tree.addAll(tree());
        tree.forEach(process -> signal(process, true));
        awaitEnd(DEATH);
        return !leader.stillThere();
    }

    private void awaitEnd(Duration most) throws InterruptedException {
        Deadline deadline = Deadline.in(most);
        while (leader.stillThere() && !deadline.passed()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The process, the session it leads, and all their descendants. */
    private Set<Stat> tree() {
        List<Stat> all = ProcessTable.live();
        Set<Stat> roots = new LinkedHashSet<>();
        if (leader.stillThere()) {
            roots.add(leader);
        }
        if (leader.session() == leader.pid()) {
            all.stream()
                    .filter(process ->
                            process.session() == leader.pid()
                                    && process.startTicks() >= leader.startTicks())
                    .forEach(roots::add);
        }
        return ProcessTable.withDescendants(roots, all);
    }

    /** Signals a process, but never this program, which the process may have started. */
    private static void signal(Stat process, boolean byForce) {
        if (process.stillThere() && process.pid() != ProcessHandle.current().pid()) {
            ProcessHandle.of(process.pid())
                    .ifPresent(handle -> {
                        var _ = byForce ? handle.destroyForcibly() : handle.destroy();
                    });
        }
    }
}

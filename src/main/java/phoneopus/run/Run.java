package phoneopus.run;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.run.ProcessTable.Stat;
import phoneopus.time.Deadline;

/**
 * A run of the command, started here or found. Its directory holds all its state: this class reads
 * everything there, or from the process that the directory names.
 */
public final class Run {
    /** Exit codes of the runner and of its shell. */
    public static final int CWD_CHANGED = 98;

    public static final int NOT_EXECUTABLE = 126;
    public static final int NOT_THERE = 127;
    public static final int SIGNALLED = 128;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration HALF_ENDED = Termination.GRACE.plusSeconds(3);

    /** How long the kernel may take to end a killed process. */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final RunDirectory directory;
    private final Limits limits;
    private final Supplier<? extends RunLog> logs;
    private final @Nullable Process runner;

    /** What was read while it was watched: the directory may be gone when it ends. */
    private volatile @Nullable RunLog watched;

    /**
     * @param logs creates an empty reader of the command's output
     * @param runner the process if this JVM started it, whose end is noticed at once; else null
     */
    public Run(
            RunDirectory directory,
            Limits limits,
            Supplier<? extends RunLog> logs,
            @Nullable Process runner) {
        this.directory = directory;
        this.limits = limits;
        this.logs = logs;
        this.runner = runner;
    }

    /** Whether it was started or forbidden to start. It can never be started after that. */
    public boolean claimed() {
        return directory.claimed();
    }

    /**
     * Whether none of its processes live. If the runner was killed but the command lives, the run
     * is not over. Nor is a run that is not visible from here.
     */
    public boolean over() {
        if (directory.exit().isPresent() || directory.forbidden().isPresent()) {
            return true;
        }
        Optional<ProcessIdentity> leader = directory.leader();
        if (leader.isEmpty()) {
            // A power cut left a claim that names no live process.
            return directory.claimed();
        }
        return switch (leader.get().sight()) {
            case GONE -> true;
            case HIDDEN -> directory.overstayed(limits.timeout());
            case HERE -> !leader.get().alive() && onlyTheClockLives(leader.get());
        };
    }

    private boolean onlyTheClockLives(ProcessIdentity leader) {
        Set<Long> timer = directory.timer();
        return leader.session().stream().allMatch(stat -> timer.contains(stat.pid()));
    }

    /**
     * Whether it runs in another container or on another machine, so that only its files are
     * visible.
     */
    public boolean hidden() {
        return directory
                .leader()
                .filter(leader -> leader.sight() == ProcessIdentity.Sight.HIDDEN)
                .isPresent();
    }

    /** Whether an early end was requested. */
    public boolean ending() {
        return directory.marked().isPresent();
    }

    /** When it started, by the file system's clock; empty before that, or if unknown. */
    public Optional<Instant> started() {
        return pid().isPresent() ? directory.claimedAt() : Optional.empty();
    }

    /** Follows what it does, for a process that does not watch it. */
    public RunFollower follow() {
        return new RunFollower(logs.get(), directory.events());
    }

    /** Reads the events; if the directory is gone, returns what was read while it was watched. */
    private RunLog log() throws IOException {
        RunLog seen = watched;
        if (seen != null && directory.gone()) {
            return seen;
        }
        RunLog log = logs.get();
        try (EventTail tail = new EventTail(directory.events(), log::line)) {
            tail.readToEnd();
        }
        return log;
    }

    /** When it last wrote an event; empty before the first. */
    public Optional<Instant> lastSign() {
        return directory.lastEvent();
    }

    /** The pid of the session leader; empty before the start. */
    public OptionalLong pid() {
        return directory.leader().stream().mapToLong(ProcessIdentity::pid).findFirst();
    }

    /**
     * Watches it to its end, and stops it if it exceeds a limit.
     *
     * @param seen receives its activity, several times a second
     */
    public void watch(Consumer<Activity> seen) throws IOException, InterruptedException {
        RunLog log = logs.get();
        RunWatchdog vigil = new RunWatchdog(directory, log, limits, System::nanoTime);
        Deadline halfEnded = null;
        try (EventTail tail = new EventTail(directory.events(), log::line)) {
            watched = log;
            while (!over()) {
                pause();
                tail.read();
                seen.accept(log.activity());
                Optional<StopReason> marked = directory.marked();
                if (marked.isEmpty()) {
                    Optional<StopReason> due =
                            vigil.due(
                                    directory.written(),
                                    RegularFiles.size(directory.events()),
                                    log.resultSeen());
                    if (due.isPresent()) {
                        halfEnded = Deadline.in(HALF_ENDED);
                        end(due.get());
                    }
                } else if (halfEnded == null) {
                    halfEnded = Deadline.in(HALF_ENDED);
                } else if (halfEnded.passed()) {
                    // The process that requested the end was killed before it finished.
                    halfEnded = Deadline.in(HALF_ENDED);
                    end(marked.get());
                }
            }
            tail.readToEnd();
        }
    }

    /**
     * Requests an early end, which {@link #end} or the process that watches the run then carries
     * out. A run that has not started never will.
     *
     * @return whether nothing else needs to be done
     */
    public boolean announce(StopReason why) throws IOException {
        if (over()) {
            return true;
        }
        boolean claimed = directory.claimed();
        // Mark it before forbidding it: a process that finds it forbidden finalizes it by its mark.
        directory.mark(why);
        return !claimed && directory.forbid("ended before its start");
    }

    /**
     * Ends it and everything it started, after five seconds by force. No-op if it is over. A run
     * that has not started never will.
     */
    public void end(StopReason why) throws IOException, InterruptedException {
        if (!directory.claimed() && announce(why)) {
            return;
        }
        Optional<ProcessIdentity> leader = directory.leader();
        if (leader.isEmpty() || over()) {
            return;
        }
        List<Stat> tree = leader.get().tree();
        if (tree.isEmpty()) {
            if (leader.get().sight() == ProcessIdentity.Sight.HIDDEN) {
                // A server that can see it watches it, and ends a marked run.
                directory.mark(why);
            }
            return;
        }
        directory.mark(why);
        Termination.end(leader.get(), tree);
        // The next caller must not hear that it still runs.
        Deadline deadline = Deadline.in(DEATH);
        while (!over() && !deadline.passed()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** How it ended. Call it only if the run is {@link #over()}. */
    public RunReport report() throws IOException {
        Optional<StopReason> marked = directory.marked();
        Optional<String> forbidden = directory.forbidden();
        if (marked.isEmpty() && forbidden.isPresent()) {
            return new RunReport(new Outcome.NotStarted(forbidden.get()), false, true);
        }
        Instant lastLine = directory.lastEvent().orElseGet(Instant::now);
        return log().report(
                        new RunLog.Remains(
                                limits,
                                marked.orElse(null),
                                directory.exit().orElse(null),
                                directory.lastWords(),
                                lastLine));
    }

    /** Its outcome. Call it only if the run is {@link #over()}. */
    public Outcome verdict() throws IOException {
        return report().outcome();
    }

    /**
     * Removes what only a live run needs: its settings, which may contain a key, and the timer of a
     * runner that was killed.
     */
    public void sweep() throws IOException {
        DurableFiles.delete(directory.settings());
        directory.removeHalfWrittenSettings();
        Set<Long> timer = directory.timer();
        directory.leader().ifPresent(leader -> leader.members(timer).forEach(Termination::kill));
    }

    private void pause() throws InterruptedException {
        if (runner != null && runner.isAlive()) {
            runner.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }
}

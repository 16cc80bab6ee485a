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
import phoneopus.run.ProcessIdentity.Stat;

/**
 * One run of the command, started here or found. It belongs to its directory alone: everything this
 * class knows it reads there, or asks the process that the directory names.
 */
public final class Run {
    /** Exit codes of the runner and its shell. */
    public static final int CWD_CHANGED = 98;

    public static final int NOT_EXECUTABLE = 126;
    public static final int NOT_THERE = 127;
    public static final int SIGNALLED = 128;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration HALF_ENDED = Termination.GRACE.plusSeconds(3);

    /** The kernel ends a killed process when it gets to it. */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final RunDirectory directory;
    private final Limits limits;
    private final Supplier<? extends RunLog> logs;
    private final @Nullable Process runner;

    /** What was read while it was watched: its directory may be gone at its end. */
    private volatile @Nullable RunLog watched;

    /**
     * @param logs makes a reader of what the command prints, empty at first
     * @param runner the process, where this JVM started it: its end is noticed at once
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

    /** Whether it was started, or forbidden to start: from then on it never starts again. */
    public boolean claimed() {
        return directory.claimed();
    }

    /**
     * Whether nothing of it lives any more. The runner may be killed while the command lives on:
     * that is not over. Nor is one that cannot be seen from here.
     */
    public boolean over() {
        if (directory.exit().isPresent() || directory.forbidden().isPresent()) {
            return true;
        }
        Optional<ProcessIdentity> leader = directory.leader();
        if (leader.isEmpty()) {
            // A claim that names nobody who lives: a power cut left it.
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

    /** Whether it runs in another container or on another machine: only its files can be seen. */
    public boolean hidden() {
        return directory
                .leader()
                .filter(leader -> leader.sight() == ProcessIdentity.Sight.HIDDEN)
                .isPresent();
    }

    /** Whether somebody has said that it is to end early. */
    public boolean ending() {
        return directory.marked().isPresent();
    }

    /**
     * When it started, by the clock of the file system; empty before that, and where it is lost.
     */
    public OptionalLong startedUnixMs() {
        return pid().isPresent() ? directory.claimedUnixMs() : OptionalLong.empty();
    }

    /** What it was last seen doing, read from the start of its events. */
    public Activity activity() throws IOException {
        return log().activity();
    }

    /** Of a directory that is gone: what was read of it while it was watched. */
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
    public OptionalLong lastSignUnixMs() {
        return directory.lastEventUnixMs();
    }

    /** Pid of the session leader; empty before the start. */
    public OptionalLong pid() {
        return directory.leader().stream().mapToLong(ProcessIdentity::pid).findFirst();
    }

    /**
     * Watches it to its end, and ends it where it goes over a limit.
     *
     * @param seen gets what it is doing, several times a second
     */
    public void watch(Consumer<Activity> seen) throws IOException, InterruptedException {
        RunLog log = logs.get();
        RunWatchdog vigil = new RunWatchdog(limits, new LivenessProbe(directory, log, limits));
        long announced = 0;
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
                        announced = System.nanoTime();
                        end(due.get());
                    }
                } else if (announced == 0) {
                    announced = System.nanoTime();
                } else if (System.nanoTime() - announced > HALF_ENDED.toNanos()) {
                    // Whoever said so was killed before it was done.
                    announced = System.nanoTime();
                    end(marked.get());
                }
            }
            tail.readToEnd();
        }
    }

    /**
     * Says that it is to end early; {@link #end} then sees to it, or whoever watches it. One that
     * never started never will.
     *
     * @return whether that is all there is to do
     */
    public boolean announce(StopReason why) throws IOException {
        if (over()) {
            return true;
        }
        boolean claimed = directory.claimed();
        // Before it is forbidden: whoever finds it forbidden settles it, by what is marked.
        directory.mark(why);
        return !claimed && directory.forbid("ended before its start");
    }

    /**
     * Ends it with everything it started, after five seconds by force. A run that is over is left
     * as it is; one that never started never will.
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
                // A server that sees it watches it, and ends what is marked.
                directory.mark(why);
            }
            return;
        }
        directory.mark(why);
        Termination.end(leader.get(), tree);
        // Whoever asks next how it ended is not to hear that it runs.
        long deadline = System.nanoTime() + DEATH.toNanos();
        while (!over() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** How it ended. Only of a run that is {@link #over()}. */
    public RunReport report() throws IOException {
        Optional<StopReason> marked = directory.marked();
        Optional<String> forbidden = directory.forbidden();
        if (marked.isEmpty() && forbidden.isPresent()) {
            return new RunReport(new Outcome.NotStarted(forbidden.get()), false, true);
        }
        Instant lastLine =
                Instant.ofEpochMilli(
                        directory.lastEventUnixMs().orElse(System.currentTimeMillis()));
        return log().report(
                        new RunLog.Remains(
                                limits, marked, directory.exit(), directory.lastWords(), lastLine));
    }

    /** Its outcome. Only of a run that is {@link #over()}. */
    public Outcome verdict() throws IOException {
        return report().outcome();
    }

    /**
     * Removes what only a live run needs: its settings, which may hold a key, and a clock whose
     * runner was killed.
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

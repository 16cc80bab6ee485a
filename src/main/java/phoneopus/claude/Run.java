package phoneopus.claude;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ProcessIdentity.Stat;

/**
 * One run of the command, started here or found. It belongs to its directory alone: everything this
 * class knows it reads there, or asks the process that the directory names.
 */
public final class Run {
    /** Exit codes of the runner and its shell. */
    static final int CWD_CHANGED = 98;

    static final int NOT_EXECUTABLE = 126;
    static final int NOT_THERE = 127;
    static final int SIGNALLED = 128;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration HALF_ENDED = GRACE.plusSeconds(3);

    /** The kernel ends a killed process when it gets to it. */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final RunDirectory directory;
    private final Limits limits;
    private final @Nullable Process runner;

    /**
     * @param runner the process, where this JVM started it: its end is noticed at once
     */
    Run(RunDirectory directory, Limits limits, @Nullable Process runner) {
        this.directory = directory;
        this.limits = limits;
        this.runner = runner;
    }

    /** Whether it was started, or forbidden to start: from then on it never starts again. */
    public boolean claimed() {
        return directory.claimed();
    }

    /**
     * Whether nothing of it lives any more. The runner may be killed while the command lives on:
     * that is not over.
     */
    public boolean over() {
        if (directory.exit().isPresent() || directory.forbidden().isPresent()) {
            return true;
        }
        Optional<ProcessIdentity> leader = directory.leader();
        if (leader.isEmpty() || leader.get().alive()) {
            return false;
        }
        Set<Long> timer = directory.timer();
        return leader.get().session().stream().allMatch(stat -> timer.contains(stat.pid()));
    }

    /** Whether somebody has said that it is to end early. */
    public boolean ending() {
        return directory.marked().isPresent();
    }

    /**
     * When it started, by the clock of the file system. Only of a run that has a {@link #pid()}.
     */
    public long startedUnixMs() throws IOException {
        return directory.claimedUnixMs();
    }

    /** What it was last seen doing, read from the start of its events. */
    public Activity activity() throws IOException {
        EventReader events = new EventReader();
        new EventTail(directory.events(), events).readToEnd();
        return events.activity();
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
        EventReader events = new EventReader();
        EventTail tail = new EventTail(directory.events(), events);
        long started = System.nanoTime();
        long grown = started;
        long size = 0;
        long announced = 0;
        while (!over()) {
            pause();
            tail.read();
            seen.accept(events.activity());
            long now = System.nanoTime();
            long written = RunDirectory.size(directory.events());
            if (written != size) {
                size = written;
                grown = now;
            }
            if (now - started > limits.timeout().toNanos()) {
                end(Ending.TIMED_OUT);
            } else if (now - grown > limits.stallTimeout().toNanos()) {
                end(Ending.STALLED);
            } else if (directory.written() > Limits.MOST_OUTPUT.toBytes()) {
                end(Ending.FLOODED);
            }
            Optional<Ending> marked = directory.marked();
            if (marked.isEmpty() || announced == 0) {
                announced = now;
            } else if (now - announced > HALF_ENDED.toNanos()) {
                // Whoever said so was killed before it was done.
                end(marked.get());
            }
        }
    }

    /**
     * Says that it is to end early; {@link #end} then sees to it, or whoever watches it. One that
     * never started never will.
     *
     * @return whether that is all there is to do
     */
    public boolean announce(Ending why) throws IOException {
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
    public void end(Ending why) throws IOException, InterruptedException {
        if (!directory.claimed() && announce(why)) {
            return;
        }
        Optional<ProcessIdentity> leader = directory.leader();
        if (leader.isEmpty() || over()) {
            return;
        }
        Set<Stat> tree = new LinkedHashSet<>(leader.get().tree());
        if (tree.isEmpty()) {
            return;
        }
        directory.mark(why);
        signalGroup("TERM", leader.get());
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (!leader.get().session().isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            tree.addAll(leader.get().tree());
        }
        if (!leader.get().session().isEmpty()) {
            signalGroup("KILL", leader.get());
        }
        tree.forEach(Run::kill);
        // Whoever asks next how it ended is not to hear that it runs.
        deadline = System.nanoTime() + DEATH.toNanos();
        while (!over() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** How it ended. Only of a run that is {@link #over()}. */
    public Outcome verdict() throws IOException {
        Optional<Ending> marked = directory.marked();
        Optional<String> forbidden = directory.forbidden();
        if (marked.isEmpty() && forbidden.isPresent()) {
            return new Outcome.NotStarted(forbidden.get());
        }
        EventReader events = new EventReader();
        new EventTail(directory.events(), events).readToEnd();
        return new Verdict(events, limits).of(marked, directory.exit(), directory.lastWords());
    }

    /**
     * Removes what only a live run needs: its settings, which may hold a key, and a clock whose
     * runner was killed.
     */
    public void sweep() throws IOException {
        Files.deleteIfExists(directory.settings());
        Set<Long> timer = directory.timer();
        directory.leader().ifPresent(leader -> leader.members(timer).forEach(Run::kill));
    }

    private void pause() throws InterruptedException {
        if (runner != null && runner.isAlive()) {
            runner.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private static void kill(Stat process) {
        if (process.stillThere()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Java cannot signal a group; the session leader is its group's leader too. */
    private static void signalGroup(String signal, ProcessIdentity leader)
            throws IOException, InterruptedException {
        if (leader.session().isEmpty()) {
            return;
        }
        ProcessBuilder kill =
                new ProcessBuilder(
                        "sh",
                        "-c",
                        "kill -s \"$0\" -- \"-$1\"",
                        signal,
                        Long.toString(leader.pid()));
        kill.redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        kill.start().waitFor();
    }
}

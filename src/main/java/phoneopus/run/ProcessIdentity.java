package phoneopus.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import phoneopus.run.ProcessTable.Stat;

/**
 * Identifies the process that leads a run. A pid alone is not enough, because pids are reused:
 * start ticks and boot id make it unique, and it is valid only in its own pid namespace.
 *
 * @param startTicks clock ticks from the boot to the start of the process
 * @param place where it runs; null if its runner did not record it
 */
public record ProcessIdentity(
        long pid, long startTicks, String bootId, @Nullable PidNamespace place) {
    /** The number of words in a line with a place; without one there are fewer. */
    private static final int WITH_PLACE = 5;

    private static final int WITHOUT_PLACE = 3;

    ProcessIdentity(long pid, long startTicks, String bootId) {
        this(pid, startTicks, bootId, null);
    }

    /** How much of it is visible from here. */
    public enum Sight {
        /** Its processes are visible. */
        HERE,
        /** Its machine was restarted, or its namespace has ended. */
        GONE,
        /** It runs or ran in another container or on another machine. */
        HIDDEN
    }

    /**
     * Parses the runner's line {@code pid ticks boot [namespace host]}; empty for any other line.
     */
    public static Optional<ProcessIdentity> parse(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != WITHOUT_PLACE && words.length != WITH_PLACE) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ProcessIdentity(
                            Long.parseLong(words[0]),
                            Long.parseLong(words[1]),
                            words[2],
                            words.length == WITHOUT_PLACE
                                    ? null
                                    : new PidNamespace(words[3], words[4])));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    public static ProcessIdentity ofThisProcess() throws IOException {
        Stat self =
                ProcessTable.self()
                        .orElseThrow(() -> new IOException("the process table cannot be read"));
        return new ProcessIdentity(
                self.pid(), self.startTicks(), ProcessTable.boot(), PidNamespace.HERE);
    }

    /** The runner's line in the pid file. */
    @Override
    public String toString() {
        String boot = pid + " " + startTicks + " " + bootId;
        return place == null ? boot : boot + " " + place;
    }

    /**
     * Finds the live runner of that directory by its command line, for a pid file that is damaged
     * or a directory that is gone.
     */
    static Optional<ProcessIdentity> ofRunner(Path directory) {
        return ProcessTable.live().stream()
                .filter(stat -> stat.session() == stat.pid() && runs(stat.pid(), directory))
                .findFirst()
                .map(stat ->
                        new ProcessIdentity(
                                stat.pid(),
                                stat.startTicks(),
                                ProcessTable.boot(),
                                PidNamespace.HERE));
    }

    /**
     * Whether its command line is {@code sh -c RUNNER phone-opus DIRECTORY …}, as it is started.
     */
    private static boolean runs(long pid, Path directory) {
        List<String> words = ProcessTable.commandLine(pid);
        return words.size() > 4
                && words.get(3).equals("phone-opus")
                && words.get(4).equals(directory.toString());
    }

    /** How much of it is visible from here. */
    public Sight sight() {
        if (place == null || place.equals(PidNamespace.HERE)) {
            return thisBoot() ? Sight.HERE : Sight.GONE;
        }
        if (thisBoot()) {
            return place.endedNamespace() ? Sight.GONE : Sight.HIDDEN;
        }
        return place.host().equals(PidNamespace.HERE.host()) ? Sight.GONE : Sight.HIDDEN;
    }

    /** Whether this very process lives. */
    public boolean alive() {
        return sight() == Sight.HERE && ProcessTable.find(pid).filter(this::isIt).isPresent();
    }

    /** The live processes of the session it leads, including itself; also after its own death. */
    List<Stat> session() {
        return mine() ? ProcessTable.live().stream().filter(this::member).toList() : List.of();
    }

    /** Those of the given processes that are in {@link #session()}; does not scan all processes. */
    List<Stat> members(Set<Long> pids) {
        return mine()
                ? pids.stream()
                        .flatMap(pid -> ProcessTable.find(pid).stream())
                        .filter(stat -> stat.live() && member(stat))
                        .toList()
                : List.of();
    }

    /**
     * {@link #session()} and all its descendants: the command's shells have sessions of their own.
     */
    List<Stat> tree() {
        if (!mine()) {
            return List.of();
        }
        List<Stat> all = ProcessTable.live();
        List<Stat> members = all.stream().filter(this::member).toList();
        return List.copyOf(ProcessTable.withDescendants(members, all));
    }

    /** False if another process now has the pid, and with it the session id. */
    private boolean mine() {
        Optional<Stat> holder = ProcessTable.find(pid);
        return sight() == Sight.HERE
                && (holder.isEmpty() || holder.get().startTicks() == startTicks);
    }

    private boolean member(Stat stat) {
        return stat.session() == pid && stat.startTicks() >= startTicks;
    }

    private boolean isIt(Stat stat) {
        return stat.live() && stat.startTicks() == startTicks;
    }

    /** If the boot is unknown, start ticks alone distinguish processes. */
    private boolean thisBoot() {
        String here = ProcessTable.boot();
        return bootId.equals(here)
                || bootId.equals(ProcessTable.UNKNOWN)
                || here.equals(ProcessTable.UNKNOWN);
    }
}

package phoneopus.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.Claude;

/**
 * Identifies the process that leads a run. A pid alone is not enough, because pids are reused:
 * start ticks and boot id make it unique, and it is valid only in its own pid namespace. Read from
 * {@code /proc}, see proc_pid_stat(5).
 *
 * @param startTicks clock ticks from the boot to the start of the process
 * @param place where it runs; null if its runner did not record it
 */
public record ProcessIdentity(
        long pid, long startTicks, String bootId, @Nullable PidNamespace place) {
    private static final Path PROC = Path.of("/proc");

    /** Written by the runner if the system hides its boot id. */
    private static final String UNKNOWN_BOOT = "unknown";

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

    /** The kernel's data on a process; a zombie counts as dead. */
    public record Stat(long pid, boolean live, long parent, long session, long startTicks) {
        /** Processor time used by it and its reaped children, in clock ticks. */
        long processorTicks() {
            try {
                String line =
                        Files.readString(
                                PROC.resolve(Long.toString(pid)).resolve("stat"),
                                StandardCharsets.ISO_8859_1);
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
                return IntStream.rangeClosed(11, 14)
                        .mapToLong(i -> Long.parseLong(fields[i]))
                        .sum();
            } catch (IOException | RuntimeException _) {
                return 0;
            }
        }

        /** Whether this very process still lives. */
        boolean stillThere() {
            return of(PROC.resolve(Long.toString(pid)))
                    .filter(now -> now.live() && now.startTicks() == startTicks)
                    .isPresent();
        }

        public static Optional<Stat> of(Path process) {
            try {
                // The kernel cuts a name after 15 bytes, even within a character.
                String line =
                        Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
                // The name is in parentheses and may itself contain spaces and parentheses.
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
                return Optional.of(
                        new Stat(
                                Long.parseLong(line.substring(0, line.indexOf(' '))),
                                !fields[0].equals("Z") && !fields[0].equals("X"),
                                Long.parseLong(fields[1]),
                                Long.parseLong(fields[3]),
                                Long.parseLong(fields[19])));
            } catch (IOException | RuntimeException _) {
                return Optional.empty();
            }
        }
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
                Stat.of(PROC.resolve("self"))
                        .orElseThrow(() -> new IOException("/proc/self/stat cannot be read"));
        return new ProcessIdentity(self.pid(), self.startTicks(), boot(), PidNamespace.HERE);
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
        return live().stream()
                .filter(stat -> stat.session() == stat.pid() && runs(stat.pid(), directory))
                .findFirst()
                .map(stat ->
                        new ProcessIdentity(
                                stat.pid(), stat.startTicks(), boot(), PidNamespace.HERE));
    }

    /**
     * Whether its command line is {@code sh -c RUNNER phone-opus DIRECTORY …}, as {@link Claude}
     * starts it.
     */
    private static boolean runs(long pid, Path directory) {
        try {
            String[] words =
                    new String(
                                    Files.readAllBytes(
                                            PROC.resolve(Long.toString(pid)).resolve("cmdline")),
                                    StandardCharsets.UTF_8)
                            .split("\0", 6);
            return words.length > 4
                    && words[3].equals("phone-opus")
                    && words[4].equals(directory.toString());
        } catch (IOException _) {
            return false;
        }
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
        return sight() == Sight.HERE
                && Stat.of(PROC.resolve(Long.toString(pid))).filter(this::isIt).isPresent();
    }

    /** The live processes of the session it leads, including itself; also after its own death. */
    List<Stat> session() {
        return mine() ? live().stream().filter(this::member).toList() : List.of();
    }

    /** Those of the given processes that are in {@link #session()}; does not scan all processes. */
    List<Stat> members(Set<Long> pids) {
        return mine()
                ? pids.stream()
                        .flatMap(pid -> Stat.of(PROC.resolve(Long.toString(pid))).stream())
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
        List<Stat> all = live();
        Set<Stat> tree = new LinkedHashSet<>(all.stream().filter(this::member).toList());
        boolean grown = !tree.isEmpty();
        while (grown) {
            Set<Long> parents = tree.stream().map(Stat::pid).collect(Collectors.toSet());
            grown =
                    tree.addAll(
                            all.stream().filter(stat -> parents.contains(stat.parent())).toList());
        }
        return List.copyOf(tree);
    }

    /** False if another process now has the pid, and with it the session id. */
    private boolean mine() {
        Optional<Stat> holder = Stat.of(PROC.resolve(Long.toString(pid)));
        return sight() == Sight.HERE
                && (holder.isEmpty() || holder.get().startTicks() == startTicks);
    }

    private boolean member(Stat stat) {
        return stat.session() == pid && stat.startTicks() >= startTicks;
    }

    private static List<Stat> live() {
        List<Stat> live = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Stat.of(process).filter(Stat::live).ifPresent(live::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return live;
    }

    private boolean isIt(Stat stat) {
        return stat.live() && stat.startTicks() == startTicks;
    }

    /** If the boot is unknown, start ticks alone distinguish processes. */
    private boolean thisBoot() {
        String here = boot();
        return bootId.equals(here) || bootId.equals(UNKNOWN_BOOT) || here.equals(UNKNOWN_BOOT);
    }

    private static String boot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException _) {
            return UNKNOWN_BOOT;
        }
    }
}

package phoneopus.claude;

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

/**
 * Which process leads a run. A pid alone proves nothing, since pids are used again: start ticks and
 * boot id make it one process of one boot. Read from {@code /proc}, proc_pid_stat(5).
 *
 * @param startTicks clock ticks from boot to the start of the process
 */
record ProcessIdentity(long pid, long startTicks, String bootId) {
    private static final Path PROC = Path.of("/proc");

    /** What the kernel says of one process: a zombie counts as dead. */
    record Stat(long pid, boolean live, long parent, long session, long startTicks) {
        /** Whether the very process still lives. */
        boolean stillThere() {
            return of(PROC.resolve(Long.toString(pid)))
                    .filter(now -> now.live() && now.startTicks() == startTicks)
                    .isPresent();
        }

        static Optional<Stat> of(Path process) {
            try {
                // The kernel cuts a name after 15 bytes, also in the middle of a character.
                String line =
                        Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
                // The name stands in parentheses and may itself hold spaces and parentheses.
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

    /** Of the runner's line {@code pid ticks boot}; empty where it says something else. */
    static Optional<ProcessIdentity> parse(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ProcessIdentity(
                            Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Whether that very process lives. */
    boolean alive() {
        return thisBoot()
                && Stat.of(PROC.resolve(Long.toString(pid))).filter(this::isIt).isPresent();
    }

    /**
     * The live processes of the session that it leads, itself included; also when it is dead and
     * they live on.
     */
    List<Stat> session() {
        return mine() ? live().stream().filter(this::member).toList() : List.of();
    }

    /** Those of the processes that {@link #session()} has, without a look at all there are. */
    List<Stat> members(Set<Long> pids) {
        return mine()
                ? pids.stream()
                        .flatMap(pid -> Stat.of(PROC.resolve(Long.toString(pid))).stream())
                        .filter(stat -> stat.live() && member(stat))
                        .toList()
                : List.of();
    }

    /**
     * {@link #session()} and all that descend from it: a shell of the command has a session of its
     * own.
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

    /** False when the pid belongs to another process by now, and with it the session id. */
    private boolean mine() {
        Optional<Stat> holder = Stat.of(PROC.resolve(Long.toString(pid)));
        return thisBoot() && (holder.isEmpty() || holder.get().startTicks() == startTicks);
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

    private boolean thisBoot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                    .strip()
                    .equals(bootId);
        } catch (IOException _) {
            return false;
        }
    }
}

package phoneopus.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processes of this machine. Read from {@code /proc}, see proc_pid_stat(5). */
public final class ProcessTable {
    /** The boot id or namespace that the system hides; the runner writes the same word. */
    static final String UNKNOWN = "unknown";

    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /** A process; a zombie counts as dead. */
    public record Stat(long pid, boolean live, long parent, long session, long startTicks) {
        /** Processor time used by it and its reaped children, in clock ticks. */
        long processorTicks() {
            try {
                return fields(pathOf(pid))
                        .map(fields ->
                                Arrays.stream(fields, 12, 16).mapToLong(Long::parseLong).sum())
                        .orElse(0L);
            } catch (NumberFormatException _) {
                return 0;
            }
        }

        /** Whether this very process still lives. */
        boolean stillThere() {
            return find(pid)
                    .filter(now -> now.live() && now.startTicks() == startTicks)
                    .isPresent();
        }
    }

    public static Optional<Stat> find(long pid) {
        return read(pathOf(pid));
    }

    /** This process, as {@code /proc} numbers it, which may be that of an outer namespace. */
    static Optional<Stat> self() {
        return read(PROC.resolve("self"));
    }

    static List<Stat> live() {
        return all().stream()
                .flatMap(process -> read(process).stream())
                .filter(Stat::live)
                .toList();
    }

    /** The given processes and all their descendants among all. */
    static Set<Stat> withDescendants(Collection<Stat> given, List<Stat> all) {
        Set<Stat> tree = new LinkedHashSet<>(given);
        boolean grown = !tree.isEmpty();
        while (grown) {
            Set<Long> parents = tree.stream().map(Stat::pid).collect(Collectors.toSet());
            grown =
                    tree.addAll(
                            all.stream().filter(stat -> parents.contains(stat.parent())).toList());
        }
        return tree;
    }

    /** The words of its command line; empty if it is gone or belongs to another user. */
    static List<String> commandLine(long pid) {
        try {
            byte[] words = Files.readAllBytes(pathOf(pid).resolve("cmdline"));
            return List.of(new String(words, StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException _) {
            return List.of();
        }
    }

    /** The id of the current boot. */
    static String boot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException _) {
            return UNKNOWN;
        }
    }

    /** The inode of this process's pid namespace. */
    static String namespace() {
        return namespaceOf(PROC.resolve("self"));
    }

    /** Whether no process is in that pid namespace; false if that cannot be seen from here. */
    static boolean unused(String namespace) {
        try {
            return all().stream()
                    .noneMatch(process -> {
                        String other = namespaceOf(process);
                        // Another user's process may be in any namespace.
                        return other.equals(namespace)
                                || (other.equals(UNKNOWN) && Files.exists(process.resolve("ns")));
                    });
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** The machine's id, or its name if it has none. */
    static String host() {
        for (Path file : List.of(Path.of("/etc/machine-id"), PROC.resolve("sys/kernel/hostname"))) {
            try {
                String name = Files.readString(file).strip();
                if (name.matches("[\\w.-]+")) {
                    return name;
                }
            } catch (IOException _) {
                // Try the next one.
            }
        }
        return UNKNOWN;
    }

    private static Path pathOf(long pid) {
        return PROC.resolve(Long.toString(pid));
    }

    private static List<Path> all() {
        try (Stream<Path> files = Files.list(PROC)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String namespaceOf(Path process) {
        try {
            String link = Files.readSymbolicLink(process.resolve("ns/pid")).toString();
            return link.replaceAll("\\D", "");
        } catch (IOException | SecurityException _) {
            return UNKNOWN;
        }
    }

    private static Optional<Stat> read(Path process) {
        try {
            return fields(process)
                    .map(fields ->
                            new Stat(
                                    Long.parseLong(fields[0]),
                                    !fields[1].equals("Z") && !fields[1].equals("X"),
                                    Long.parseLong(fields[2]),
                                    Long.parseLong(fields[4]),
                                    Long.parseLong(fields[20])));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** The fields of its status, without the name of the program; empty if it is gone. */
    private static Optional<String[]> fields(Path process) {
        try {
            // The kernel cuts a name after 15 bytes, even within a character.
            String line = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name is in parentheses and may itself contain spaces and parentheses.
            return Optional.of(line.replaceFirst("(?s) \\(.*\\)", "").split(" ", -1))
                    .filter(fields -> fields.length > 20);
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}

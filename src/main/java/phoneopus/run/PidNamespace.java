package phoneopus.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a process runs; its pid is valid only there. Containers of one machine share the boot but
 * not the pids; machines that share a home share neither.
 *
 * @param namespace inode of the pid namespace, pid_namespaces(7)
 * @param host the machine's id, or its name if it has none
 */
public record PidNamespace(String namespace, String host) {
    private static final String UNKNOWN = "unknown";

    /** The inode of the initial namespace, which sees all others: {@code PROC_PID_INIT_INO}. */
    private static final String FIRST_NAMESPACE = "4026531836";

    private static final Path PROC = Path.of("/proc");

    /** The namespace of this process and its children. */
    public static final PidNamespace HERE =
            new PidNamespace(namespaceOf(PROC.resolve("self")), thisHost());

    /** The form used in a pid file. */
    @Override
    public String toString() {
        return namespace + " " + host;
    }

    /** Whether that namespace has no processes left, as far as visible from here. */
    boolean endedNamespace() {
        if (!HERE.namespace.equals(FIRST_NAMESPACE)) {
            return false;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                String other = namespaceOf(process);
                // Another user's process may be in any namespace.
                if (other.equals(namespace)
                        || (other.equals(UNKNOWN) && Files.exists(process.resolve("ns")))) {
                    return false;
                }
            }
            return true;
        } catch (IOException _) {
            return false;
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

    private static String thisHost() {
        for (String file : new String[] {"/etc/machine-id", "/proc/sys/kernel/hostname"}) {
            try {
                String name = Files.readString(Path.of(file)).strip();
                if (name.matches("[\\w.-]+")) {
                    return name;
                }
            } catch (IOException _) {
                // Try the next one.
            }
        }
        return UNKNOWN;
    }
}

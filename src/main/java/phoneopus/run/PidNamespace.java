package phoneopus.run;

/**
 * Where a process runs; its pid is valid only there. Containers of one machine share the boot but
 * not the pids; machines that share a home share neither.
 *
 * @param namespace inode of the pid namespace, pid_namespaces(7)
 * @param host the machine's id, or its name if it has none
 */
public record PidNamespace(String namespace, String host) {
    /** The inode of the initial namespace, which sees all others: {@code PROC_PID_INIT_INO}. */
    private static final String FIRST_NAMESPACE = "4026531836";

    /** The namespace of this process and its children. */
    public static final PidNamespace HERE =
            new PidNamespace(ProcessTable.namespace(), ProcessTable.host());

    /** The form used in a pid file. */
    @Override
    public String toString() {
        return namespace + " " + host;
    }

    /** Whether that namespace has no processes left, as far as visible from here. */
    boolean endedNamespace() {
        return HERE.namespace.equals(FIRST_NAMESPACE) && ProcessTable.unused(namespace);
    }
}

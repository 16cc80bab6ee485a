package phoneopus.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Another process holds a lock of the state directory and does not release it. */
public final class LockHeldException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /**
     * @param pid of the holder; 0 if unknown
     */
    LockHeldException(Path file, long pid, boolean stopped) {
        super(file.toString(), null, reason(pid, stopped));
    }

    private static String reason(long pid, boolean stopped) {
        String holder = pid == 0 ? "another process" : "process " + pid;
        return stopped
                ? "busy: held by %s, a phone-opus server that is stopped; resume it (`kill -CONT %d`) or end it"
                        .formatted(holder, pid)
                : "busy: held by %s for over a minute".formatted(holder);
    }

    static void throwWhereStopped(Path file) throws IOException {
        OptionalLong holder = holder(file);
        if (holder.isPresent() && isStopped(holder.getAsLong())) {
            throw new LockHeldException(file, holder.getAsLong(), true);
        }
    }

    static LockHeldException tooLong(Path file) throws IOException {
        return new LockHeldException(file, holder(file).orElse(0), false);
    }

    /**
     * The pid from {@code /proc/locks}: {@code 1: POSIX ADVISORY WRITE pid major:minor:inode start
     * end}.
     */
    private static OptionalLong holder(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino");
        try (var locks = Files.lines(Path.of("/proc/locks"))) {
            return locks.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 5 && words[5].endsWith(inode))
                    .filter(words -> !words[1].equals("->") && words[4].matches("\\d{1,18}"))
                    .mapToLong(words -> Long.parseLong(words[4]))
                    .findFirst();
        }
    }

    /** Whether its state in proc_pid_stat(5) is that of Ctrl-Z, SIGSTOP or a debugger. */
    private static boolean isStopped(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return "tT".indexOf(line.charAt(line.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException _) {
            return false;
        }
    }
}

package phoneopus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The machine's living processes, read from {@code /proc}, without zombies. */
public final class RunningProcesses {

    private static final int STATE = 0;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    private RunningProcesses() {}

    /** A process; its start ticks distinguish it from a later process with the same number. */
    public record Living(
            long pid, String startTicks, String session, Path directory, String command) {

        public void kill() {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    public static List<Living> in(Path directory) {
        return matching(process -> process.directory().startsWith(directory));
    }

    /** The processes whose command line contains the path. */
    public static List<Living> naming(Path path) {
        return matching(process -> process.command().contains(path.toString()));
    }

    public static List<Living> ofSession(String session) {
        return matching(process -> process.session().equals(session));
    }

    public static List<Living> withPid(long pid) {
        return matching(process -> process.pid() == pid);
    }

    public static List<Living> stillLiving(List<Living> earlier) {
        return matching(process ->
                earlier.stream()
                        .anyMatch(known ->
                                known.pid() == process.pid()
                                        && known.startTicks().equals(process.startTicks())));
    }

    private static List<Living> matching(Predicate<Living> wanted) {
        var found = new ArrayList<Living>();
        ProcessHandle.allProcesses()
                .forEach(handle -> {
                    try {
                        var process = read(handle.pid());
                        if (wanted.test(process)) {
                            found.add(process);
                        }
                    } catch (IOException _) {
                        // It ended after it was listed.
                    }
                });
        return found;
    }

    private static Living read(long pid) throws IOException {
        var folder = Path.of("/proc", Long.toString(pid));
        var stat = Files.readString(folder.resolve("stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
            throw new IOException("not alive");
        }
        var command = Files.readString(folder.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        return new Living(
                pid,
                fields[START_TICKS],
                fields[SESSION],
                Files.readSymbolicLink(folder.resolve("cwd")),
                command.replace('\0', ' ').strip());
    }
}

package phoneopus.run;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import phoneopus.run.ProcessTable.Stat;
import phoneopus.time.Deadline;

/** Ends all processes of a run: by SIGTERM first, then by force. */
final class Termination {
    /** How long they have to end by themselves. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private Termination() {}

    /**
     * @param tree all processes known to belong to it; a process may leave its session
     */
    static void end(ProcessIdentity leader, List<Stat> tree)
            throws IOException, InterruptedException {
        Set<Stat> all = new LinkedHashSet<>(tree);
        signalGroup("TERM", leader);
        Deadline deadline = Deadline.in(GRACE);
        while (!leader.session().isEmpty() && !deadline.passed()) {
            TimeUnit.MILLISECONDS.sleep(20);
            all.addAll(leader.tree());
        }
        if (!leader.session().isEmpty()) {
            signalGroup("KILL", leader);
        }
        all.forEach(Termination::kill);
    }

    static void kill(Stat process) {
        if (process.stillThere()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /**
     * Signals the group through kill, since Java cannot; the session leader also leads its group.
     */
    private static void signalGroup(String signal, ProcessIdentity leader)
            throws IOException, InterruptedException {
        if (leader.session().isEmpty()) {
            return;
        }
        ProcessBuilder kill =
                new ProcessBuilder(
                        SystemProgram.find("sh"),
                        "-c",
                        "kill -s \"$0\" -- \"-$1\"",
                        signal,
                        Long.toString(leader.pid()));
        kill.redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        kill.start().waitFor();
    }
}

package phoneopus.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import phoneopus.claude.ServerIdentity;

/** A process that lives as long as a test does, and is not the test's. */
final class LivingProcess {
    private LivingProcess() {}

    /** The one that started this one, in the words of a pid file. */
    static String parent(ServerIdentity here) throws IOException {
        long pid = ProcessHandle.current().parent().orElseThrow().pid();
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var ticks = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        return here.process().replaceFirst("^\\d+ \\d+", pid + " " + ticks);
    }
}

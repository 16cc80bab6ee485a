package phoneopus.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import phoneopus.spool.JobId;
import phoneopus.spool.JobRequest;

/** Many finished jobs, made fast. */
public final class Unsynced {
    static final long FIRST_FINISHED = 1_700_000_000_000L;

    private Unsynced() {}

    /** Copies of a job that finished at {@link #FIRST_FINISHED}, each a millisecond later. */
    public static List<JobId> copies(WiredServer server, JobRequest first, int count)
            throws IOException {
        var from = server.spool.directory(first.jobId());
        var request = Files.readString(from.resolve("request.json"));
        var outcome = Files.readString(from.resolve("outcome.json"));
        List<JobId> copies = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            var id = UUID.randomUUID();
            var folder = Files.createDirectory(from.resolveSibling(id.toString()));
            Files.writeString(
                    folder.resolve("request.json"),
                    request.replace(first.jobId().toString(), id.toString()));
            Files.writeString(
                    folder.resolve("outcome.json"),
                    outcome.replace(
                            Long.toString(FIRST_FINISHED), Long.toString(FIRST_FINISHED + i)));
            Files.setLastModifiedTime(folder, FileTime.fromMillis(FIRST_FINISHED + i));
            copies.add(new JobId(id));
        }
        return copies;
    }
}

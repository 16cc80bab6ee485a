package phoneopus.run;

import java.io.IOException;
import java.nio.file.Path;
import phoneopus.files.RegularFiles;

/** What a run did last. Each look reads only what was written since the last one. */
public final class RunFollower {
    private final RunLog log;
    private final Path events;
    private final EventTail tail;

    RunFollower(RunLog log, Path events) {
        this.log = log;
        this.events = events;
        this.tail = new EventTail(events, log::line);
    }

    public synchronized Activity look() throws IOException {
        // The file is not left open: nobody says when a run is no longer followed.
        try (tail) {
            long end = RegularFiles.size(events);
            long before = -1;
            while (tail.position() < end && tail.position() > before) {
                before = tail.position();
                tail.read();
            }
        }
        return log.activity();
    }
}

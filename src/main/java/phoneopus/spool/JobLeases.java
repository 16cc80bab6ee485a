package phoneopus.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.files.DurableFiles;

/**
 * Which server takes care of a job: waits for its turn, watches its run, ends it at a limit. A lock
 * on a file of its directory, so that the kernel frees it when that server dies, and another one
 * can take it over.
 */
@Component
public class JobLeases {
    /**
     * Java locks a file for the whole JVM, and closing any channel of it frees the lock: what one
     * server of this JVM holds another one must not even open.
     */
    private static final Set<Path> OF_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Spool spool;
    private final Map<JobId, FileChannel> held = new HashMap<>();

    public JobLeases(Spool spool) {
        this.spool = spool;
    }

    /** Whether this server takes care of it, from now on or already. */
    public synchronized boolean take(JobId id) throws IOException {
        if (held.containsKey(id)) {
            return true;
        }
        Path file = file(id);
        if (!OF_THIS_JVM.add(file)) {
            return false;
        }
        FileChannel channel = null;
        try {
            channel = lock(file);
        } finally {
            if (channel == null) {
                OF_THIS_JVM.remove(file);
            } else {
                held.put(id, channel);
            }
        }
        return channel != null;
    }

    public synchronized boolean holds(JobId id) {
        return held.containsKey(id);
    }

    /** Whether it has no outcome, and the server that took care of it is gone. */
    public synchronized boolean orphaned(JobId id) throws IOException {
        if (held.containsKey(id) || !take(id)) {
            return false;
        }
        try {
            // Else its server let go of it because it was done.
            return spool.ended(id).isEmpty();
        } finally {
            release(id);
        }
    }

    public synchronized void release(JobId id) throws IOException {
        FileChannel channel = held.remove(id);
        if (channel != null) {
            channel.close();
            OF_THIS_JVM.remove(file(id));
        }
    }

    private Path file(JobId id) throws IOException {
        return spool.directory(id).resolve("caretaker");
    }

    /** Null where another process has it. */
    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = DurableFiles.openLock(file);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }
}

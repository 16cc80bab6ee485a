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
 * Assigns each job to one server, which queues it, watches its run and stops it at a limit. The
 * lease is a lock on a file in the job's directory: when the server dies, the kernel frees it and
 * another server can take the job over.
 */
@Component
public class JobLeases {
    /**
     * Java locks a file for the whole JVM, and closing any of its channels frees the lock: a file
     * held by one server of this JVM must not be opened by another one in it.
     */
    private static final Set<Path> OF_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Spool spool;
    private final Map<JobId, FileChannel> held = new HashMap<>();

    public JobLeases(Spool spool) {
        this.spool = spool;
    }

    /** Takes the lease; returns whether this server holds it, now or already. */
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

    /** Whether this server holds a lease. */
    public synchronized boolean any() {
        return !held.isEmpty();
    }

    /** Whether it has no outcome and its server is gone. */
    public synchronized boolean orphaned(JobId id) throws IOException {
        if (held.containsKey(id) || !take(id)) {
            return false;
        }
        try {
            // With an outcome, its server released it because it was done.
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

    /** Null if another process holds the lock. */
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

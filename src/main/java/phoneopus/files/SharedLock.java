package phoneopus.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import phoneopus.time.Deadline;

/**
 * A lock with one holder among all threads of all servers of a state directory. The kernel frees it
 * when its holder dies.
 */
public final class SharedLock {
    private static final long LONGEST_PAUSE_MS = 16;

    /** After this wait, checks whether the holder is stopped by Ctrl-Z or a debugger. */
    private static final Duration LOOK_AT_HOLDER = Duration.ofSeconds(1);

    /** No work under a lock takes this long. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

    /** Java locks a file for the whole JVM: a second lock of it here would fail instead of wait. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    /** Work to do under the lock. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Does the work while holding the lock.
     *
     * @throws LockHeldException if its holder is stopped or holds it for longer than any work takes
     */
    public <T> T hold(Path file, Work<T> work) throws IOException, InterruptedException {
        ReentrantLock threads = THREADS.computeIfAbsent(file, _ -> new ReentrantLock());
        if (!threads.tryLock(LONGEST_HOLD.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LockHeldException(file, ProcessHandle.current().pid(), false);
        }
        // Only one channel of the file at a time in this JVM: closing any of them frees the lock.
        try (FileChannel channel = DurableFiles.openLock(file);
                FileLock _ = lock(file, channel)) {
            return work.run();
        } finally {
            threads.unlock();
        }
    }

    /**
     * Locks the file by polling. The kernel counts locks per process: if one process holds the
     * dispatch lock and waits for the index's lock in another thread, and a second process does the
     * reverse, the kernel would wrongly report a deadlock and fail one of them.
     */
    private static FileLock lock(Path file, FileChannel channel)
            throws IOException, InterruptedException {
        Deadline longest = Deadline.in(LONGEST_HOLD);
        Deadline look = Deadline.in(LOOK_AT_HOLDER);
        long pause = 1;
        while (true) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            if (look.passed()) {
                look = Deadline.in(LOOK_AT_HOLDER);
                LockHeldException.throwWhereStopped(file);
            }
            if (longest.passed()) {
                throw LockHeldException.tooLong(file);
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
        }
    }
}

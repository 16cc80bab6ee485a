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

/**
 * One holder at a time among all threads of all servers of a state directory. The kernel frees it
 * when a holder dies.
 */
public final class SharedLock {
    private static final long LONGEST_PAUSE_MS = 16;

    /** Who waits that long looks whether the holder is stopped: by Ctrl-Z, or a debugger. */
    private static final Duration LOOK_AT_HOLDER = Duration.ofSeconds(1);

    /** Nothing that is done under a lock takes that long. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

    /**
     * Java locks a file for the whole JVM: a second lock of it here would be an error, not a wait.
     */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    /** What is done under the lock. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Does the work while the lock is held.
     *
     * @throws LockHeldException where its holder is stopped, or keeps it for longer than anything
     *     takes that is done under it
     */
    public <T> T hold(Path file, Work<T> work) throws IOException, InterruptedException {
        ReentrantLock threads = THREADS.computeIfAbsent(file, _ -> new ReentrantLock());
        if (!threads.tryLock(LONGEST_HOLD.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LockHeldException(file, ProcessHandle.current().pid(), false);
        }
        // One channel of the file at a time in this JVM: closing any of them frees the lock of all.
        try (FileChannel channel = DurableFiles.openLock(file);
                FileLock _ = lock(file, channel)) {
            return work.run();
        } finally {
            threads.unlock();
        }
    }

    /**
     * By asking again and again. The kernel counts locks by process: where one holds the dispatch
     * lock and waits for the index's with another thread, and a second one the other way round, it
     * sees a deadlock that is none, and fails one of them.
     */
    private static FileLock lock(Path file, FileChannel channel)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        long looked = started;
        long pause = 1;
        while (true) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            long now = System.nanoTime();
            if (now - looked > LOOK_AT_HOLDER.toNanos()) {
                looked = now;
                LockHeldException.throwWhereStopped(file);
            }
            if (now - started > LONGEST_HOLD.toNanos()) {
                throw LockHeldException.tooLong(file);
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
        }
    }
}

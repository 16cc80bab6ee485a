package phoneopus.stdio;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import phoneopus.time.Stopwatch;

/**
 * Does all work for a stdio server's client in sequence. Only it waits for a client that does not
 * read; its queue is bounded.
 */
final class StdioWorker {
    /** The bytes queued below which another line is accepted. */
    static final int FULL = 8 * 1024 * 1024;

    /** The bytes a line takes in addition to its text. */
    private static final int OVERHEAD = 256;

    /** A client that reads nothing for this long is not waited for at the end. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A client that reads nothing for this long while its input exceeds the queue is gone. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** The interval at which a waiting caller checks the client. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final StdioOutput output;
    private final Thread thread = Thread.ofPlatform().daemon().name("stdio").unstarted(this::run);
    private final Queue<Work> waiting = new ArrayDeque<>();
    private long bytes;
    private volatile boolean over;
    private volatile Stopwatch lastLine = new Stopwatch();

    private record Work(Action action, long weight) {}

    /** A piece of work for the client. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    StdioWorker(StdioOutput output) {
        this.output = output;
    }

    void start() {
        thread.start();
    }

    /** Starts nothing more and releases its waiting callers. */
    void end() {
        over = true;
        put(new Work(() -> {}, 0));
    }

    /**
     * Queues the work for a line as soon as there is room.
     *
     * @return false if the client is gone
     */
    synchronized boolean takeOn(Action action, int size) {
        lastLine = new Stopwatch();
        try {
            while (bytes >= FULL) {
                if (over || output.stuck(LONGEST_PAUSE)) {
                    return false;
                }
                wait(LOOK.toMillis());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
        put(new Work(action, size + OVERHEAD));
        return true;
    }

    /** Since the last line arrived. */
    Duration silence() {
        return lastLine.elapsed();
    }

    /** Does the work after everything queued, and waits for it unless the client does not read. */
    void finish(Action action) {
        CountDownLatch done = new CountDownLatch(1);
        put(
                new Work(
                        () -> {
                            action.run();
                            done.countDown();
                        },
                        0));
        try {
            while (!over && thread.isAlive() && !output.stuck(PATIENCE)) {
                if (done.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void put(Work work) {
        waiting.add(work);
        bytes += work.weight();
        notifyAll();
    }

    private synchronized Work next() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        Work work = waiting.remove();
        bytes -= work.weight();
        notifyAll();
        return work;
    }

    private void run() {
        try {
            while (!over) {
                next().action().run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

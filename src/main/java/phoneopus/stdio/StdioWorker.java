package phoneopus.stdio;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does, one after the other, what there is to do for the client of a stdio server. It alone waits
 * for a client that does not read what it is told; how much waits for it meanwhile is bounded.
 */
final class StdioWorker {
    /** Bytes of what waits: one more line is taken where there are fewer. */
    static final int FULL = 8 * 1024 * 1024;

    /** Bytes that a line takes beside its text. */
    private static final int OVERHEAD = 256;

    /** A client that takes nothing for that long need not be waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** One that takes nothing for that long, while it says more than there is room for, is gone. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** How often one that waits looks whether there is anything to wait for. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final StdioOutput output;
    private final Thread thread = Thread.ofPlatform().daemon().name("stdio").unstarted(this::run);
    private final Queue<Work> waiting = new ArrayDeque<>();
    private long bytes;
    private volatile boolean over;

    private record Work(Action action, long weight) {}

    /** Something to do for the client. */
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

    /** It begins nothing more, and nobody waits for it. */
    void end() {
        over = true;
        put(new Work(() -> {}, 0));
    }

    /**
     * Takes on what a line asks for, as soon as there is room.
     *
     * @return false where the client is gone
     */
    synchronized boolean takeOn(Action action, int size) {
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

    /** Does it after all that came before, and lets the caller wait for that where it can be. */
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

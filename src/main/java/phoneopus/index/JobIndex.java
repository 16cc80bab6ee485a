package phoneopus.index;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import phoneopus.spool.DamagedException;
import phoneopus.spool.JobId;
import phoneopus.spool.Spool;
import phoneopus.time.Deadline;

/**
 * A copy of the spool in a table, for lists. It is opened in the background and blocks nothing: a
 * row that cannot be written now is written later, and a job stays on the open list until it is in
 * the index.
 */
@Component
public final class JobIndex implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(JobIndex.class);

    /** Keeps the start of the database from slowing down a server's first consult. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final Duration LAST_WRITES = Duration.ofMillis(200);

    private final Spool spool;
    private final JobIndexOpener opener;
    private final JobIndexer indexer;
    private final JobIndexQueries queries;

    /** The jobs to write; true if the job leaves the open list afterwards. */
    private final Map<JobId, Boolean> pending = new LinkedHashMap<>();

    private boolean wanted;
    private boolean writing;
    private volatile boolean running;
    private volatile boolean open;

    public JobIndex(
            Spool spool,
            JobIndexOpener opener,
            JobIndexer indexer,
            @Lazy JobRepository repository) {
        this.spool = spool;
        this.opener = opener;
        this.indexer = indexer;
        this.queries = new JobIndexQueries(this, repository, System::nanoTime);
    }

    /** The queries of the index. */
    public JobIndexQueries queries() {
        return queries;
    }

    /**
     * Schedules an upsert of the job's row; a finished job then leaves the open list. Call it for a
     * finished job only after everything that follows from its end is done, since no server looks
     * at it again.
     */
    public void write(JobId id) {
        add(id, true);
    }

    /** Schedules an upsert of the job's row. */
    public void update(JobId id) {
        add(id, false);
    }

    private void add(JobId id, boolean settled) {
        synchronized (pending) {
            pending.merge(id, settled, Boolean::logicalOr);
            pending.notifyAll();
        }
    }

    /** Whether the index can be read and written, as far as known. */
    public boolean open() {
        return open;
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("index").start(this::writeAll);
    }

    @Override
    public void stop() {
        synchronized (pending) {
            await(LAST_WRITES, () -> !open || (!writing && pending.isEmpty()));
            running = false;
            pending.notifyAll();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void writeAll() {
        awaitCalm();
        try {
            while (running) {
                writeNext();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeNext() throws InterruptedException {
        try {
            if (!open) {
                opener.open(indexer::enterAll);
                open = true;
            }
            Map.Entry<JobId, Boolean> next = take();
            if (next != null) {
                saveOrKeep(next.getKey(), next.getValue());
            }
        } catch (IOException | RuntimeException e) {
            log.info(
                    "index not written yet: {}",
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
            opener.failed(e);
            open = false;
            pause();
        }
    }

    /** Waits until the server has been up for a moment or a list is wanted. */
    private void awaitCalm() {
        synchronized (pending) {
            await(CALM, () -> !running || wanted);
        }
    }

    private void await(Duration limit, BooleanSupplier condition) {
        try {
            var _ = Deadline.in(limit).await(pending, condition);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void saveOrKeep(JobId id, boolean settled) throws IOException {
        try {
            if (settled) {
                indexer.enter(id);
            } else {
                indexer.update(id);
            }
        } catch (DamagedException e) {
            // Retrying it would block all others.
            log.warn("job={} not indexed, it is damaged: {}", id, e.getMessage());
        } catch (IOException | RuntimeException e) {
            add(id, settled);
            throw e;
        } finally {
            synchronized (pending) {
                writing = false;
                pending.notifyAll();
            }
        }
    }

    /** The next job; null if the index is closing and none is left, or if it has to be reopened. */
    private Map.@Nullable Entry<JobId, Boolean> take() throws InterruptedException {
        synchronized (pending) {
            while (pending.isEmpty() && running && open) {
                pending.wait();
            }
            if (pending.isEmpty()) {
                return null;
            }
            writing = true;
            Map.Entry<JobId, Boolean> next = pending.entrySet().iterator().next();
            pending.remove(next.getKey());
            return next;
        }
    }

    /** Opens the index at once because a list is wanted. */
    void want() {
        synchronized (pending) {
            wanted = true;
            pending.notifyAll();
        }
    }

    /** Has the writer reopen the index, which did not answer. */
    void reopen(Throwable failure) {
        opener.failed(failure);
        open = false;
        try {
            for (JobId id : spool.open()) {
                update(id);
            }
        } catch (IOException e) {
            log.info("could not read open jobs: {}", e.getMessage());
        }
        // Also if nothing has to be written: otherwise nothing would reopen it for the next list.
        synchronized (pending) {
            pending.notifyAll();
        }
    }

    /** Waits before the next try, for another time than other servers do. */
    static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(50 + ThreadLocalRandom.current().nextInt(150));
    }
}

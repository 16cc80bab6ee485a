package phoneopus.mcp;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import phoneopus.time.Deadline;

/**
 * How much of the memory messages take that are being read, served or written. Each is within its
 * limit, but many at once would end the process; so what does not fit waits, or is refused.
 */
public final class MemoryBudget {
    /** Of the heap: the rest is for the jobs, and for all else. */
    private static final int PART = 3;

    /** Of the whole, for each caller that has a name: nobody keeps the others out. */
    private static final int SHARES = 2;

    /** Bytes of a value beside its text. */
    private static final int OVERHEAD = 64;

    private final long most;
    private final Map<Caller, Long> held = new HashMap<>();
    private long all;

    /**
     * @param most bytes at once
     */
    MemoryBudget(long most) {
        this.most = most;
    }

    public static MemoryBudget ofThisProcess() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / PART);
    }

    /** Bytes that a value read from JSON takes, roughly. */
    static long weight(@Nullable Object value) {
        long sum = OVERHEAD;
        if (value instanceof String text) {
            sum += 2L * text.length();
        } else if (value instanceof Map<?, ?> object) {
            for (Map.Entry<?, ?> member : object.entrySet()) {
                sum += weight(member.getKey()) + weight(member.getValue());
            }
        } else if (value instanceof Collection<?> array) {
            for (Object element : array) {
                sum += weight(element);
            }
        }
        return sum;
    }

    public Share of(Caller caller) {
        return new Share(caller);
    }

    /** What one caller takes of it. */
    public final class Share {
        private final Caller caller;

        private Share(Caller caller) {
            this.caller = caller;
        }

        /** Takes so many bytes, if they fit now. */
        public boolean take(long bytes) {
            synchronized (MemoryBudget.this) {
                if (!fits(bytes)) {
                    return false;
                }
                held.merge(caller, bytes, Long::sum);
                all += bytes;
                return true;
            }
        }

        /** Takes so many bytes as soon as they fit, if that is soon enough. */
        public boolean take(long bytes, Duration patience) throws InterruptedException {
            Deadline deadline = Deadline.in(patience);
            synchronized (MemoryBudget.this) {
                return deadline.await(MemoryBudget.this, () -> take(bytes));
            }
        }

        public void give(long bytes) {
            synchronized (MemoryBudget.this) {
                held.computeIfPresent(
                        caller, (_, own) -> own > bytes ? (Long) (own - bytes) : null);
                all -= bytes;
                MemoryBudget.this.notifyAll();
            }
        }

        /** One that is larger than the whole has it for itself. */
        private boolean fits(long bytes) {
            long own = held.getOrDefault(caller, 0L);
            long share = caller.name() == null ? most : most / SHARES;
            return all == 0 || (all + bytes <= most && (own == 0 || own + bytes <= share));
        }
    }
}

package phoneopus.mcp;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import phoneopus.time.Deadline;

/**
 * Limits the memory of messages that are being read, served or written. Each is within its own
 * limit, but many at once would exhaust the heap, so a message that does not fit waits or is
 * refused.
 */
public final class MemoryBudget {
    /** Divides the heap: one part is for messages, the rest for jobs and everything else. */
    private static final int PART = 3;

    /** Divides the budget: a named caller gets at most one part and cannot block the others. */
    private static final int SHARES = 2;

    /** Bytes of a value in addition to its text. */
    private static final int OVERHEAD = 64;

    private final long most;
    private final Map<Caller, Long> held = new HashMap<>();
    private long all;

    /**
     * @param most the maximum bytes in use at once
     */
    MemoryBudget(long most) {
        this.most = most;
    }

    public static MemoryBudget ofThisProcess() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / PART);
    }

    /** The approximate memory of a value read from JSON, in bytes. */
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

    /** The part of the budget that one caller uses. */
    public final class Share {
        private final Caller caller;

        private Share(Caller caller) {
            this.caller = caller;
        }

        /** Takes that many bytes; returns false if they do not fit now. */
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

        /** Takes that many bytes as soon as they fit; returns false if they do not fit in time. */
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

        /** A message larger than the whole budget fits if nothing else is in use. */
        private boolean fits(long bytes) {
            long own = held.getOrDefault(caller, 0L);
            long share = caller.name() == null ? most : most / SHARES;
            return all == 0 || (all + bytes <= most && (own == 0 || own + bytes <= share));
        }
    }
}

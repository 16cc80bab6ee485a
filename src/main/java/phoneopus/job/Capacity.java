package phoneopus.job;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import phoneopus.run.Limits;

/** How many consults there may be, of all callers together and of one. */
@Component
class Capacity {
    private final ConsultProperties all;
    private final CallerProperties each;

    Capacity(ConsultProperties all, CallerProperties each) {
        this.all = all;
        this.each = each;
    }

    /** How many may run at once. */
    int atOnce() {
        return all.maxConcurrent();
    }

    Limits limits() {
        return all.limits();
    }

    /**
     * Whether that caller may have one more. Whoever has no name cannot be told from others.
     *
     * @throws TooManyRequestsException where it may not
     */
    void admit(@Nullable String principal, int unfinished) {
        if (principal != null && unfinished >= each.maxConcurrentPerKey()) {
            throw new TooManyRequestsException(each.maxConcurrentPerKey());
        }
    }

    /**
     * Whether one more may wait.
     *
     * @throws QueueFullException where it may not
     */
    void queue(int waiting) {
        if (waiting >= all.queueCapacity()) {
            throw new QueueFullException(all.queueCapacity());
        }
    }
}

package phoneopus.job;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import phoneopus.claude.Activity;
import phoneopus.claude.Run;

/** Watches one run to its end, on a thread of its own. */
@Component
class JobWatch {
    private final JobReader reader;
    private final Settlement settlement;

    JobWatch(JobReader reader, Settlement settlement) {
        this.reader = reader;
        this.settlement = settlement;
    }

    /** What there is to watch. */
    Run run(JobRequest request) throws IOException {
        return reader.run(request);
    }

    @Async
    CompletableFuture<Ended> watch(JobRequest request, Run run, Consumer<Activity> seen) {
        try {
            run.watch(seen);
            return CompletableFuture.completedFuture(settlement.settle(request, run));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
    }
}

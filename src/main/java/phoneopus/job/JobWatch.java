package phoneopus.job;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import phoneopus.run.Activity;
import phoneopus.run.Run;
import phoneopus.spool.Completion;
import phoneopus.spool.JobRequest;

/** Watches a run to its end, on its own thread. */
@Component
class JobWatch {
    private final RunFinalizer finalizer;

    JobWatch(RunFinalizer finalizer) {
        this.finalizer = finalizer;
    }

    @Async
    CompletableFuture<Completion> watch(JobRequest request, Run run, Consumer<Activity> seen) {
        try {
            run.watch(seen);
            return CompletableFuture.completedFuture(finalizer.settle(request, run));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
    }
}

package phoneopus.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.task.ThreadPoolTaskSchedulerBuilder;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.scheduling.annotation.Async;

class JobExecutorConfigurationTests {

    static class Watch {

        @Async
        CompletableFuture<Thread> watch() {
            return CompletableFuture.completedFuture(Thread.currentThread());
        }
    }

    @Test
    void aRunIsWatchedOnAVirtualThread() {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(ThreadPoolTaskSchedulerBuilder.class);
            context.registerBean(Watch.class);
            context.register(JobExecutorConfiguration.class);
            context.refresh();

            var thread = context.getBean(Watch.class).watch().join();

            assertThat(thread.isVirtual()).isTrue();
            assertThat(thread.getName()).startsWith("job-watch-");
        }
    }

    @Test
    void theFirstRunThatStartsWhileTheServerEndsIsWatchedToo() {
        var watched = new CompletableFuture<Thread>();
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(ThreadPoolTaskSchedulerBuilder.class);
            context.registerBean(Watch.class);
            context.register(JobExecutorConfiguration.class);
            context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
            context.refresh();
            var watch = context.getBean(Watch.class);
            context.registerBean(
                    "end",
                    DisposableBean.class,
                    () -> () -> watched.complete(watch.watch().join()));
            context.getBean("end");
        }

        assertThat(watched).isCompletedWithValueMatching(Thread::isVirtual);
    }
}

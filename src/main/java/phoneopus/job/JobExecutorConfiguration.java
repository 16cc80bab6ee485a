package phoneopus.job;

import org.springframework.boot.task.ThreadPoolTaskSchedulerBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The threads that watch runs, which only wait, so that there is a virtual one for each, and those
 * of what is done again and again.
 */
@Configuration(proxyBeanMethods = false)
@EnableAsync(proxyTargetClass = true)
@EnableScheduling
class JobExecutorConfiguration {
    /** Over HTTP Spring's own would do all rounds on one thread, one after another. */
    @Bean
    ThreadPoolTaskScheduler taskScheduler(ThreadPoolTaskSchedulerBuilder scheduler) {
        return scheduler.build();
    }

    /** By its second name it is found beside the scheduler, which is an executor too. */
    @Bean({"applicationTaskExecutor", "taskExecutor"})
    AsyncTaskExecutor applicationTaskExecutor() {
        return new VirtualThreadTaskExecutor("job-watch-");
    }
}

package phoneopus.job;

import org.springframework.boot.task.ThreadPoolTaskSchedulerBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.TaskManagementConfigUtils;

/**
 * The threads that watch runs, a virtual one for each since they only wait, and those of scheduled
 * work.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class JobExecutorConfiguration {
    /**
     * What {@code @EnableAsync} registers. Its configuration would read its own annotation from the
     * class file at every start.
     */
    @Bean(name = TaskManagementConfigUtils.ASYNC_ANNOTATION_PROCESSOR_BEAN_NAME)
    static AsyncAnnotationBeanPostProcessor async() {
        AsyncAnnotationBeanPostProcessor async = new AsyncAnnotationBeanPostProcessor();
        async.setAsyncAnnotationType(Async.class);
        async.setProxyTargetClass(true);
        // Not a bean: the first run may begin during a shutdown, when beans can no longer be looked
        // up.
        async.setExecutor(new VirtualThreadTaskExecutor("job-watch-"));
        return async;
    }

    /** Over HTTP, Spring's own scheduler would run everything on one thread. */
    @Bean
    ThreadPoolTaskScheduler taskScheduler(ThreadPoolTaskSchedulerBuilder scheduler) {
        return scheduler.build();
    }
}

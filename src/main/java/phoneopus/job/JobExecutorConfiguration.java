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
 * The threads that watch runs, which only wait, so that there is a virtual one for each, and those
 * of what is done again and again.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class JobExecutorConfiguration {
    /**
     * What {@code @EnableAsync} registers, by way of a configuration that reads its own annotation
     * from the class file, at every start.
     */
    @Bean(name = TaskManagementConfigUtils.ASYNC_ANNOTATION_PROCESSOR_BEAN_NAME)
    static AsyncAnnotationBeanPostProcessor async() {
        AsyncAnnotationBeanPostProcessor async = new AsyncAnnotationBeanPostProcessor();
        async.setAsyncAnnotationType(Async.class);
        async.setProxyTargetClass(true);
        // No bean: the first run may begin while the server ends, when none is found any more.
        async.setExecutor(new VirtualThreadTaskExecutor("job-watch-"));
        return async;
    }

    /** Over HTTP Spring's own would do all rounds on one thread, one after another. */
    @Bean
    ThreadPoolTaskScheduler taskScheduler(ThreadPoolTaskSchedulerBuilder scheduler) {
        return scheduler.build();
    }
}

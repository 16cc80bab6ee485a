package phoneopus.job;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The threads that watch runs: they only wait, so there is one virtual thread for each. */
@Configuration(proxyBeanMethods = false)
@EnableAsync(proxyTargetClass = true)
@EnableScheduling
class JobExecutorConfiguration {
    @Bean
    AsyncTaskExecutor applicationTaskExecutor() {
        return new VirtualThreadTaskExecutor("job-watch-");
    }
}

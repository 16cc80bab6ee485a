package phoneopus.job;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import phoneopus.claude.Claude;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Ending;
import phoneopus.claude.HandMade;
import phoneopus.claude.Limits;
import phoneopus.claude.Run;

/**
 * The books of one server, wired by hand. Several of them on one state directory are to each other
 * what several servers are.
 */
final class WiredServer {
    static final Duration LONG = Duration.ofSeconds(30);

    final Spool spool;
    final Claude claude;
    final Settlement settlement;
    final Dispatch dispatch;
    final Requests requests;
    final Jobs jobs;

    WiredServer(Path state, Path command, Clock clock, Map<String, ?> settings) {
        var all = new HashMap<String, Object>(settings);
        all.put("phone-opus.claude.binary", command.toString());
        ClaudeProperties claudeProperties = HandMade.properties(all);
        ConsultProperties properties = properties(all);
        spool = new Spool(new StateDirectory(state));
        claude = HandMade.claude(claudeProperties);
        settlement = new Settlement(spool, clock);
        dispatch = new Dispatch(spool, claude, settlement, properties);
        requests = new Requests(claude, claudeProperties, properties, spool, clock);
        jobs = new Jobs(requests, spool, dispatch, asynchronous(new JobWatch(settlement)), claude);
    }

    WiredServer(Path state, Path command, Map<String, ?> settings) {
        this(state, command, Clock.systemUTC(), settings);
    }

    static ConsultProperties properties(Map<String, ?> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("phone-opus.consult", ConsultProperties.class);
    }

    /** A request of a new session, not accepted yet. */
    JobRequest request(Path cwd, String prompt) throws IOException {
        return requests.freeze(new Consult(prompt, cwd, null, null, null, null));
    }

    JobRequest request(Path cwd, String prompt, UUID session) throws IOException {
        return requests.freeze(new Consult(prompt, cwd, null, session, null, null));
    }

    Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }

    /** Starts whatever may start until all are over. */
    void drain() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    dispatch.round();
                    return spool.open().isEmpty();
                });
    }

    /** Ends what a test has left. */
    void endAll() throws IOException, InterruptedException {
        for (JobId id : spool.open()) {
            var run = claude.adopt(spool.directory(id), new Limits(LONG, LONG));
            if (Files.exists(spool.directory(id))) {
                run.end(Ending.CANCELLED);
                await().atMost(LONG).until(run::over);
            }
            spool.close(id);
        }
    }

    /** As the application has it: {@code watch} returns at once. */
    private static JobWatch asynchronous(JobWatch watch) {
        var processor = new AsyncAnnotationBeanPostProcessor();
        processor.setProxyTargetClass(true);
        processor.setExecutor(new VirtualThreadTaskExecutor("test-job-watch-"));
        processor.setBeanFactory(new DefaultListableBeanFactory());
        return (JobWatch) processor.postProcessAfterInitialization(watch, "jobWatch");
    }
}

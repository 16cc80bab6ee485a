package phoneopus.job;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.transaction.support.TransactionTemplate;
import phoneopus.claude.Claude;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.HandMade;
import phoneopus.index.JobIndex;
import phoneopus.index.JobIndexConfiguration;
import phoneopus.index.JobIndexOpener;
import phoneopus.index.JobIndexQueries;
import phoneopus.index.JobIndexUnavailableException;
import phoneopus.index.JobIndexer;
import phoneopus.index.JobRepository;
import phoneopus.index.Tables;
import phoneopus.job.JobQueue.CallerProperties;
import phoneopus.job.JobRetention.JobProperties;
import phoneopus.original.OriginalImport;
import phoneopus.run.Answer;
import phoneopus.run.Limits;
import phoneopus.run.Outcome;
import phoneopus.run.Run;
import phoneopus.run.StopReason;
import phoneopus.spool.Completion;
import phoneopus.spool.JobFilter;
import phoneopus.spool.JobId;
import phoneopus.spool.JobLeases;
import phoneopus.spool.JobMode;
import phoneopus.spool.JobReader;
import phoneopus.spool.JobRequest;
import phoneopus.spool.Sessions;
import phoneopus.spool.Spool;
import phoneopus.spool.StateDirectory;

/**
 * The books of one server, wired by hand. Several of them on one state directory are to each other
 * what several servers are. Nothing happens by itself but what a test starts.
 */
public final class WiredServer {
    public static final Duration LONG = Duration.ofSeconds(30);

    private static final List<WiredServer> STARTED = new CopyOnWriteArrayList<>();

    static {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    }

    final StateDirectory state;
    public final Spool spool;
    public final Sessions sessions;
    final Claude claude;
    final JobReader reader;
    public final HikariDataSource connections;
    public final JobRepository repository;
    public final JobIndexOpener opening;
    public final JobIndexer indexer;
    public final JobIndex index;
    public final JobIndexQueries queries;
    final MeterRegistry meters = new SimpleMeterRegistry();
    final JobMetrics metrics;
    final RunFinalizer finalizer;
    public final OpenJobs open;
    final RepeatedQuestions repeated;
    final Dispatch dispatch;
    public final Requests requests;
    final JobLeases locks;
    public final JobSupervisor supervisor;
    public final JobRetention retention;
    final OriginalImport original;
    public final Jobs jobs;
    public final JobLists lists;
    final JobHealth health;

    public WiredServer(Path folder, Path command, Clock clock, Map<String, ?> settings) {
        this(folder, command, clock, settings, UnaryOperator.identity());
    }

    /**
     * @param seen what stands between the server and its table
     */
    public WiredServer(
            Path folder,
            Path command,
            Clock clock,
            Map<String, ?> settings,
            UnaryOperator<JobRepository> seen) {
        var all = new HashMap<String, Object>(settings);
        all.put("phone-opus.claude.binary", command.toString());
        ClaudeProperties claudeProperties = HandMade.properties(all);
        ConsultProperties properties = properties(all);
        state = new StateDirectory(folder);
        spool = new Spool(state);
        sessions = new Sessions(state);
        claude = HandMade.claude(claudeProperties);
        reader = new JobReader(spool, claude, clock);
        connections = new JobIndexConfiguration().dataSource(state);
        repository = seen.apply(Tables.repository(connections));
        opening = new JobIndexOpener(state, spool, clock);
        var transaction = new TransactionTemplate(new JdbcTransactionManager(connections));
        indexer = new JobIndexer(reader, spool, repository, transaction, opening);
        index = new JobIndex(spool, opening, indexer, repository);
        queries = index.queries();
        locks = new JobLeases(spool);
        metrics = new JobMetrics(meters, claudeProperties);
        finalizer = new RunFinalizer(spool, sessions, index, metrics, clock);
        open = new OpenJobs(spool, claude, finalizer, locks, properties);
        var queue = new JobQueue(spool, open, properties, callers(all), clock);
        repeated = new RepeatedQuestions(state, spool, claude, properties, clock);
        dispatch = new Dispatch(spool, claude, open, queue, repeated);
        requests = new Requests(claude, claudeProperties, properties, spool, clock);
        var watch = asynchronous(new JobWatch(finalizer));
        supervisor = new JobSupervisor(spool, dispatch, watch, locks, metrics, reader);
        retention = new JobRetention(jobProperties(all), open, dispatch, spool, index, clock);
        original = new OriginalImport(state, spool, sessions, index, clock);
        var desk = new JobStore(spool, reader, open, index, original);
        lists = new JobLists(spool, open, desk, index, original);
        jobs = new Jobs(requests, sessions, supervisor, desk, metrics);
        health = new JobHealth(open, index, properties);
    }

    public WiredServer(Path state, Path command, Map<String, ?> settings) {
        this(state, command, Clock.systemUTC(), settings);
    }

    public static ConsultProperties properties(Map<String, ?> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("phone-opus.consult", ConsultProperties.class);
    }

    private static CallerProperties callers(Map<String, ?> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("phone-opus.http", CallerProperties.class);
    }

    private static JobProperties jobProperties(Map<String, ?> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("phone-opus.jobs", JobProperties.class);
    }

    /** With books that are written, until {@link #endAll}. */
    public WiredServer start() {
        STARTED.add(this);
        index.start();
        return this;
    }

    /**
     * Not before its books are open: the thread that opens them would go on in a deleted folder.
     */
    public void stop() {
        if (STARTED.remove(this)) {
            try {
                booked(new JobFilter(null, null, null, null, 1), 1);
            } finally {
                index.stop();
                connections.close();
            }
        }
    }

    /** A request of a new session, not accepted yet. */
    public JobRequest request(Path cwd, String prompt) throws IOException {
        return requests.freeze(Consults.of(prompt, cwd), JobMode.BACKGROUND);
    }

    public JobRequest request(Path cwd, String prompt, UUID session) throws IOException {
        return requests.freeze(Consults.of(prompt, cwd, session, null), JobMode.BACKGROUND);
    }

    /** One that is over, in the directories alone, and still on the open list. */
    public JobRequest over(Path cwd, long finishedUnixMs, Outcome outcome) throws IOException {
        var request = request(cwd, "Why?");
        spool.accept(request, () -> {});
        spool.end(
                request.jobId(),
                new Completion(Instant.ofEpochMilli(finishedUnixMs), 0.25, outcome));
        return request;
    }

    public static Outcome answered() {
        return new Outcome.Answered(
                new Answer(
                        "Yes.", null, null, null, null, null, null, null, null, null, null, null,
                        null));
    }

    Run run(JobRequest request) throws IOException {
        return claude.adopt(spool.directory(request.jobId()), request.limits());
    }

    /** Starts whatever may start until all are over and in the books. */
    void drain() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    dispatch.round();
                    return spool.open().isEmpty();
                });
    }

    /** What the index has, once it answers. */
    public List<JobId> booked(JobFilter filter, int most) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(JobIndexUnavailableException.class)
                .until(() -> queries.newest(filter, most), _ -> true);
    }

    /** Until what is over has left the open list. */
    public void awaitBooked() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> spool.open().isEmpty());
    }

    /** Ends what a test has left, and all servers of the state directory. */
    public void endAll() throws IOException, InterruptedException {
        for (JobId id : spool.open()) {
            var run = claude.adopt(spool.directory(id), new Limits(LONG, LONG));
            if (Files.exists(spool.directory(id))) {
                run.end(StopReason.CANCELLED);
                await().atMost(LONG).until(run::over);
            }
        }
        STARTED.stream()
                .filter(one -> one.state.location().equals(state.location()))
                .forEach(WiredServer::stop);
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

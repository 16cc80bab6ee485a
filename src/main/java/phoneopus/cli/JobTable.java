package phoneopus.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import phoneopus.files.UserHome;
import phoneopus.spool.Completion;
import phoneopus.spool.Job;
import phoneopus.tool.Faults;
import phoneopus.tool.JobPorcelain;

/** Consults as a table for people. */
final class JobTable {
    /** The characters of an id that are printed; any unique beginning is accepted. */
    private static final int SHORT = 8;

    private static final int SHORTEST_DIRECTORY = 16;

    private JobTable() {}

    static String of(List<Job> jobs, Instant now, int width) {
        Table table = new Table(width, "JOB", "STATE", "AGE", "COST", "SESSION", "IN", "QUESTION");
        for (Job job : jobs) {
            table.row(
                    shortId(job.id()),
                    job.status().word(),
                    age(job, now),
                    cost(job),
                    shortId(Faults.session(job)),
                    directory(
                            job.request().consult().cwd(), Math.max(SHORTEST_DIRECTORY, width / 5)),
                    firstLine(job.request().consult().prompt()));
        }
        return table.toString();
    }

    static String found(List<Job> jobs, Function<Job, String> text, Instant now, int width) {
        Table table = new Table(width, "JOB", "AGE", "TEXT");
        for (Job job : jobs) {
            table.row(shortId(job.id()), age(job, now), text.apply(job));
        }
        return table.toString();
    }

    /** Those that an ambiguous beginning may mean. */
    static String candidates(List<Job> jobs, Instant now, int width) {
        Table table = new Table(width, "JOB", "STATE", "AGE", "QUESTION");
        for (Job job : jobs) {
            table.row(
                    job.id().toString(),
                    job.status().word(),
                    age(job, now),
                    firstLine(job.request().consult().prompt()));
        }
        return table.toString();
    }

    static String shortId(@Nullable Object id) {
        return id == null ? "-" : id.toString().substring(0, SHORT);
    }

    static String age(Job job, Instant now) {
        return JobPorcelain.age(Duration.between(job.request().created(), now));
    }

    private static String cost(Job job) {
        if (job.request().ofTheDemo()) {
            return "demo";
        }
        Completion ended = job.ended();
        return ended == null || ended.consultCostUsd() == null ? "-" : usd(ended.consultCostUsd());
    }

    static String usd(double cost) {
        return String.format(Locale.ROOT, "$%.2f", cost);
    }

    /** The end of a path says more than its beginning. */
    static String directory(String path, int most) {
        String home = UserHome.path().toString();
        String known =
                path.equals(home) || path.startsWith(home + "/")
                        ? "~" + path.substring(home.length())
                        : path;
        if (known.length() <= most) {
            return known;
        }
        String name = String.valueOf(Path.of(path).getFileName());
        String end = known.substring(known.length() - (most - 1));
        int slash = end.indexOf('/');
        return slash < 0 ? Table.cut(name, most) : "…" + end.substring(slash);
    }

    static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}

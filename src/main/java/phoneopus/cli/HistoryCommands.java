package phoneopus.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import phoneopus.job.JobLists;
import phoneopus.run.Answer;
import phoneopus.spool.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that look back at all consults that are kept. */
final class HistoryCommands {
    private HistoryCommands() {}

    /** {@code phone-opus search}: finds consults by their texts. */
    @Command(
            name = "search",
            header = "Finds consults by words of the question or the answer.",
            description = "All words must occur; their case does not matter. Newest first.")
    static final class Search extends ConsultsCommand {
        private static final int BEFORE = 20;
        private static final int MOST = 400;

        @Parameters(arity = "1", paramLabel = "WORD", description = "Word, or text in quotes.")
        private List<String> words = List.of();

        @Option(names = "--cwd", paramLabel = "D", description = "Only those of this directory.")
        private @Nullable Path cwd;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "10",
                description = "Maximum number to find; default: 10.")
        private int limit;

        Search(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        void check() {
            ListCommands.checkLimit(limit);
        }

        @Override
        int run(BeanFactory beans) {
            String directory = ListCommands.directory(beans, cwd);
            List<String> sought = words.stream().map(Search::comparable).toList();
            List<Job> found =
                    beans.getBean(JobLists.class)
                            .stored(null)
                            .filter(job ->
                                    directory == null
                                            || directory.equals(job.request().consult().cwd()))
                            .filter(job ->
                                    sought.stream().allMatch(comparable(text(job))::contains))
                            .limit(limit)
                            .toList();
            return printer.found(found, job -> around(sought.getFirst(), text(job)), json);
        }

        private static String comparable(String text) {
            return text.toLowerCase(Locale.ROOT);
        }

        private static String text(Job job) {
            return job.request().consult().prompt()
                    + (job.answer() == null ? "" : "\n" + job.answer().response());
        }

        /** The place of the first match, on one line. */
        private static String around(String word, String text) {
            int at = Math.clamp(comparable(text).indexOf(word), 0, text.length());
            int from = text.lastIndexOf(' ', Math.max(0, at - BEFORE)) + 1;
            String some = text.substring(from, Math.min(text.length(), at + MOST));
            return (from == 0 ? "" : "…") + some.replaceAll("\\s+", " ").strip();
        }
    }

    /** {@code phone-opus cost}: adds up what consults have cost. */
    @Command(
            name = "cost",
            header = "Adds up what consults have cost, by day, model and directory.",
            description =
                    "Counts the consults that are kept: those of the last 30 days, unless"
                            + " phone-opus.jobs.keep says otherwise. Demo answers cost nothing and"
                            + " are not counted.")
    static final class Cost extends ConsultsCommand {
        @Option(
                names = "--since",
                paramLabel = "WHEN",
                description = "Only what ended since then: a day such as 2026-11-01, or 7d.")
        private Instant since = Instant.EPOCH;

        @Option(
                names = "--by",
                paramLabel = "BY",
                description = "Only by this: ${COMPLETION-CANDIDATES}.")
        private @Nullable By by;

        /** What costs are added up by. */
        enum By {
            DAY {
                @Override
                String key(Job job) {
                    return Objects.requireNonNull(job.finished())
                            .atZone(ZoneId.systemDefault())
                            .toLocalDate()
                            .toString();
                }
            },
            MODEL {
                @Override
                String key(Job job) {
                    Answer answer = job.answer();
                    String model =
                            answer == null ? job.request().consult().model() : answer.model();
                    return model == null ? "unknown" : model;
                }
            },
            DIRECTORY {
                @Override
                String key(Job job) {
                    return job.request().consult().cwd();
                }
            };

            abstract String key(Job job);

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /**
         * A sum.
         *
         * @param by one of {@link By}, or {@code all}
         * @param unknown the number of those consults whose cost is unknown
         */
        record Sum(String by, String key, int consults, double costUsd, int unknown) {
            Sum plus(@Nullable Double cost) {
                return new Sum(
                        by,
                        key,
                        consults + 1,
                        costUsd + (cost == null ? 0 : cost),
                        unknown + (cost == null ? 1 : 0));
            }

            private String cost() {
                return "%9s".formatted(JobTable.usd(costUsd));
            }

            private String count() {
                return "%8d".formatted(consults);
            }
        }

        Cost(Printer printer, Application application) {
            super(printer, application);
        }

        @Override
        int run(BeanFactory beans) {
            List<By> ways = by == null ? List.of(By.values()) : List.of(by);
            Map<By, Map<String, Sum>> sums = new EnumMap<>(By.class);
            ways.forEach(way -> sums.put(way, new HashMap<>()));
            Sum[] all = {new Sum("all", "", 0, 0, 0)};
            // One after the other: the answers of all of them may not fit into memory.
            beans.getBean(JobLists.class)
                    .stored(null)
                    .filter(job -> !job.request().ofTheDemo())
                    .filter(job -> job.finished() != null && !job.finished().isBefore(since))
                    .forEach(job -> {
                        Double cost = Objects.requireNonNull(job.ended()).consultCostUsd();
                        all[0] = all[0].plus(cost);
                        sums.forEach((way, some) ->
                                some.compute(
                                        way.key(job),
                                        (key, sum) ->
                                                (sum == null
                                                                ? new Sum(
                                                                        way.toString(),
                                                                        key,
                                                                        0,
                                                                        0,
                                                                        0)
                                                                : sum)
                                                        .plus(cost)));
                    });
            sums.forEach((way, some) -> print(way, sorted(way, some.values())));
            print(all[0]);
            return ExitCode.ANSWERED;
        }

        /** The latest or greatest first. */
        private static List<Sum> sorted(By way, Collection<Sum> sums) {
            Comparator<Sum> order =
                    way == By.DAY
                            ? Comparator.comparing(Sum::key).reversed()
                            : Comparator.comparingDouble(Sum::costUsd).reversed();
            return sums.stream().sorted(order).toList();
        }

        private void print(By way, List<Sum> sums) {
            if (json) {
                sums.forEach(printer::json);
            } else if (!sums.isEmpty()) {
                Table table = new Table(Keyboard.width(), "     COST", "CONSULTS", way.name());
                sums.forEach(sum -> table.row(sum.cost(), sum.count(), sum.key()));
                printer.text(table + "\n");
            }
        }

        private void print(Sum all) {
            if (json) {
                printer.json(all);
                return;
            }
            printer.text(
                    "%s  %s  in all%s%n"
                            .formatted(
                                    all.cost(),
                                    all.count(),
                                    all.unknown() == 0
                                            ? ""
                                            : "; the cost of %d is unknown"
                                                    .formatted(all.unknown())));
        }
    }
}

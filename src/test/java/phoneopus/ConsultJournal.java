package phoneopus;

import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The log that the fake Claude writes of its own runs, by job: a witness independent of all
 * servers.
 */
record ConsultJournal(Path folder) {

    /** A run's start and end; the end is the latest possible time if there is none. */
    record Lived(String job, String session, long from, long to) {}

    /** Shell code for a repository's {@code fake} that determines the job and logs its runs. */
    String fake() {
        return """
        for argument; do
            case $argument in
                */spool/*/settings.json) job=${argument%%/settings.json} job=${job##*/} ;;
            esac
        done
        export FAKE_CLAUDE_RECORD='%s'/"$job"
        """
                .formatted(folder);
    }

    int starts(String job) {
        return (int) lines(job).stream().filter(line -> line.startsWith("start ")).count();
    }

    List<Lived> all() {
        try (var jobs = Files.list(folder)) {
            var all = new ArrayList<Lived>();
            for (var job : jobs.map(file -> file.getFileName().toString()).toList()) {
                all.addAll(lives(job));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The maximum number of runs at the same time. */
    static int mostAtOnce(List<Lived> lives) {
        record Step(long at, int by) {}
        var steps = new ArrayList<Step>();
        for (var life : lives) {
            steps.add(new Step(life.from(), 1));
            steps.add(new Step(life.to(), -1));
        }
        steps.sort(Comparator.comparingLong(Step::at).thenComparing(Step::by));
        int now = 0;
        int most = 0;
        for (var step : steps) {
            now += step.by();
            most = Math.max(most, now);
        }
        return most;
    }

    /** The sessions that had two runs at the same time. */
    static List<String> forked(List<Lived> lives) {
        Map<String, List<Lived>> sessions = lives.stream().collect(groupingBy(Lived::session));
        return sessions.keySet().stream()
                .filter(session -> mostAtOnce(sessions.get(session)) > 1)
                .toList();
    }

    private List<Lived> lives(String job) {
        var lives = new ArrayList<Lived>();
        var lines = lines(job);
        for (var line : lines) {
            var words = line.split(" ");
            if (words[0].equals("start")) {
                long end =
                        lines.stream()
                                .map(other -> other.split(" "))
                                .filter(other ->
                                        other[0].equals("end") && other[1].equals(words[1]))
                                .mapToLong(other -> Long.parseLong(other[3]))
                                .findFirst()
                                .orElse(Long.MAX_VALUE);
                lives.add(new Lived(job, words[2], Long.parseLong(words[3]), end));
            }
        }
        return lives;
    }

    private List<String> lines(String job) {
        var journal = folder.resolve(job).resolve("journal");
        return Files.exists(journal) ? Surroundings.read(journal).lines().toList() : List.of();
    }
}

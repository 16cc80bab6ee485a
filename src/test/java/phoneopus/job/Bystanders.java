package phoneopus.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import phoneopus.disk.Operation;
import phoneopus.disk.Recording;
import phoneopus.spool.JobId;

/**
 * Who writes into a state directory beside the server: the database, and the runner. Its steps are
 * noted in the order that run.sh has, as soon as their result is seen.
 */
final class Bystanders implements Consumer<Recording> {
    private final Map<Path, Integer> lengths = new HashMap<>();
    private final Set<Path> begun = new HashSet<>();
    private final Set<Path> over = new HashSet<>();
    private final Set<Path> swept = new HashSet<>();

    @Override
    public void accept(Recording recording) {
        try {
            var state = recording.real().resolve("state");
            for (Path index : in(state, "books-*.mv.db")) {
                commit(recording, index);
            }
            for (Path directory : in(state.resolve("spool"), "*")) {
                run(recording, directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void commit(Recording recording, Path index) throws IOException {
        int length = (int) Files.size(index);
        if (lengths.getOrDefault(index, 0) != length) {
            lengths.put(index, length);
            recording.add(
                    new Operation.Commit(
                            recording.real().relativize(index), Files.readAllBytes(index)));
        }
    }

    private void run(Recording recording, Path directory) throws IOException {
        var here = recording.real().relativize(directory);
        var pid = directory.resolve("pid");
        if (!begun.contains(directory) && Files.exists(pid)) {
            for (Path own : in(directory, "pid.*")) {
                if (Files.mismatch(own, pid) == -1 && begun.add(directory)) {
                    grow(recording, own);
                    recording.add(
                            new Operation.Link(
                                    here.resolve(own.getFileName()), here.resolve("pid")));
                    recording.add(new Operation.Sync(here.resolve("pid")));
                    recording.add(new Operation.Sync(here));
                    recording.add(
                            new Operation.Told(
                                    new Fact.Begun(
                                            JobId.parse(directory.getFileName().toString())
                                                    .orElseThrow())));
                }
            }
        }
        if (!begun.contains(directory) || over.contains(directory)) {
            return;
        }
        boolean ended = Files.exists(directory.resolve("exit"));
        for (String name : List.of("timer", "timer.sleep", "stderr", "events.jsonl")) {
            grow(recording, directory.resolve(name));
        }
        if (ended) {
            over.add(directory);
            var temporary = here.resolve("exit.tmp");
            recording.add(new Operation.Create(temporary));
            recording.add(
                    new Operation.Write(
                            temporary, 0, Files.readAllBytes(directory.resolve("exit"))));
            recording.add(new Operation.Sync(temporary));
            recording.add(new Operation.Sync(here.resolve("events.jsonl")));
            recording.add(new Operation.Rename(temporary, here.resolve("exit")));
        }
        if (over.contains(directory)
                && Files.notExists(directory.resolve("settings.json"))
                && swept.add(directory)) {
            recording.add(new Operation.Remove(here.resolve("settings.json")));
        }
    }

    private void grow(Recording recording, Path file) throws IOException {
        if (Files.notExists(file)) {
            return;
        }
        var name = recording.real().relativize(file);
        var content = Files.readAllBytes(file);
        if (!lengths.containsKey(file)) {
            recording.add(new Operation.Create(name));
        }
        int known = lengths.getOrDefault(file, 0);
        if (content.length > known) {
            recording.add(
                    new Operation.Write(
                            name, known, Arrays.copyOfRange(content, known, content.length)));
        }
        lengths.put(file, content.length);
    }

    private static List<Path> in(Path folder, String glob) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.newDirectoryStream(folder, glob)) {
            var found = new ArrayList<Path>();
            files.forEach(found::add);
            return found;
        }
    }
}

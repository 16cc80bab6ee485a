package phoneopus.original;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import phoneopus.files.RegularFiles;

/** Inspects the original program's consults without changing anything. */
public final class OriginalInspection {
    private OriginalInspection() {}

    /**
     * The number of consults by state.
     *
     * @param takenOver imported files, also if the consult was dropped since
     * @param open still running under the original program
     * @param waiting finished, imported by the next look-up
     * @param unreadable reasons by file name
     */
    public record Originals(
            int takenOver, int open, int waiting, SortedMap<String, String> unreadable) {
        public boolean none() {
            return takenOver == 0 && open == 0 && waiting == 0 && unreadable.isEmpty();
        }
    }

    /** Inspects them. */
    public static Originals look(Path stateDirectory) throws IOException {
        Path folder = OriginalImport.folder(stateDirectory);
        int takenOver = 0;
        int open = 0;
        int waiting = 0;
        SortedMap<String, String> unreadable = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return new Originals(0, 0, 0, unreadable);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (marked(stateDirectory, name.substring(0, name.lastIndexOf('.')))) {
                    takenOver++;
                    continue;
                }
                try {
                    OriginalRecord record = OriginalRecord.read(file);
                    if (marked(stateDirectory, record.request().jobId().toString())) {
                        takenOver++;
                    } else if (record.goesOn(Instant.now())) {
                        open++;
                    } else {
                        waiting++;
                    }
                } catch (IOException | RuntimeException e) {
                    unreadable.put(name, OriginalImport.reason(e));
                }
            }
        }
        return new Originals(takenOver, open, waiting, unreadable);
    }

    private static boolean marked(Path stateDirectory, String id) {
        return RegularFiles.exists(stateDirectory.resolve("imported").resolve(id));
    }
}

package phoneopus.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is written under a directory from now on, in its order. Whoever is handed {@link #root}
 * writes to the real directory, and each operation is noted.
 */
public final class Recording {
    private final Path root;
    private final Map<Path, byte[]> before = new TreeMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private final Path recorded;
    private Consumer<Recording> lookout = _ -> {};
    private Predicate<Operation> refused = _ -> false;
    private boolean looking;

    public Recording(Path root) throws IOException {
        this.root = root;
        try (var files = Files.walk(root)) {
            for (Path file : files.skip(1).toList()) {
                before.put(
                        root.relativize(file),
                        Files.isDirectory(file) ? Disk.DIRECTORY : Files.readAllBytes(file));
            }
        }
        recorded = new RecordingFileSystem(this).getPath(root.toString());
    }

    /** Notes first what others have written meanwhile, who do not write by way of this. */
    public Recording lookout(Consumer<Recording> lookout) {
        this.lookout = lookout;
        return this;
    }

    /** The disk is full from now on for what is to be noted so. */
    public synchronized void refuse(Predicate<Operation> refused) {
        this.refused = refused;
    }

    /** The same directory, but recorded. */
    public Path root() {
        return recorded;
    }

    public Path real() {
        return root;
    }

    /** What was there before. */
    public Disk before() {
        return new Disk(before, new IdentityHashMap<>());
    }

    public synchronized void told(Object fact) {
        look();
        operations.add(new Operation.Told(fact));
    }

    /** What others have written to that file is on the disk. */
    public synchronized void synced(Path file) {
        look();
        operations.add(new Operation.Sync(file));
    }

    /** By whoever did it otherwise. */
    public synchronized void add(Operation operation) {
        operations.add(operation);
    }

    public synchronized List<Operation> operations() {
        look();
        return List.copyOf(operations);
    }

    /** A step on the real disk. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /** Nobody else's step comes between the step and its note. */
    synchronized void note(Step step, Operation... noted) throws IOException {
        look();
        if (List.of(noted).stream().anyMatch(refused)) {
            throw new IOException("No space left on device");
        }
        step.run();
        operations.addAll(List.of(noted));
    }

    Path relative(Path path) {
        return root.relativize(RecordedPath.plain(path).toAbsolutePath().normalize());
    }

    private void look() {
        if (!looking) {
            looking = true;
            lookout.accept(this);
            looking = false;
        }
    }
}

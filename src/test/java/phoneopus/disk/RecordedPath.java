package phoneopus.disk;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path of the default file system whose uses are noted. */
record RecordedPath(RecordingFileSystem system, Path real) implements Path {

    static Path plain(Path path) {
        return path instanceof RecordedPath recorded ? recorded.real() : path;
    }

    private Path recorded(Path path) {
        return path == null ? null : new RecordedPath(system, path);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return real.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return recorded(real.getRoot());
    }

    @Override
    public Path getFileName() {
        return recorded(real.getFileName());
    }

    @Override
    public Path getParent() {
        return recorded(real.getParent());
    }

    @Override
    public int getNameCount() {
        return real.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return recorded(real.getName(index));
    }

    @Override
    public Path subpath(int from, int to) {
        return recorded(real.subpath(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return real.startsWith(plain(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return real.endsWith(plain(other));
    }

    @Override
    public Path normalize() {
        return recorded(real.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return recorded(real.resolve(plain(other)));
    }

    @Override
    public Path relativize(Path other) {
        return recorded(real.relativize(plain(other)));
    }

    @Override
    public URI toUri() {
        return real.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return recorded(real.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return recorded(real.toRealPath(options));
    }

    @Override
    public File toFile() {
        return real.toFile();
    }

    @Override
    public WatchKey register(
            WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        return real.register(watcher, events, modifiers);
    }

    @Override
    public int compareTo(Path other) {
        return real.compareTo(plain(other));
    }

    @Override
    public String toString() {
        return real.toString();
    }
}

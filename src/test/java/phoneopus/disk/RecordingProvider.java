package phoneopus.disk;

import static phoneopus.disk.RecordedPath.plain;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Does everything by the default file system, and notes what changes it. */
final class RecordingProvider extends FileSystemProvider {
    private final RecordingFileSystem system;
    private final Recording recording;

    RecordingProvider(RecordingFileSystem system, Recording recording) {
        this.system = system;
        this.recording = recording;
    }

    @Override
    public String getScheme() {
        return "recorded";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path real = plain(path);
        Path file = recording.relative(path);
        if (!options.contains(StandardOpenOption.WRITE)
                && !options.contains(StandardOpenOption.APPEND)) {
            return new RecordedChannel(
                    FileChannel.open(real, options, attributes), file, recording);
        }
        if (options.contains(StandardOpenOption.APPEND)) {
            throw new UnsupportedOperationException("appends are not recorded");
        }
        FileChannel[] opened = new FileChannel[1];
        Recording.Step open = () -> opened[0] = FileChannel.open(real, options, attributes);
        synchronized (recording) {
            if (Files.notExists(real)) {
                recording.note(open, new Operation.Create(file));
            } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                recording.note(open, new Operation.Truncate(file));
            } else {
                recording.note(open);
            }
        }
        return new RecordedChannel(opened[0], file, recording);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
            Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
        DirectoryStream<Path> entries =
                Files.newDirectoryStream(
                        plain(directory), entry -> filter.accept(system.recorded(entry)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> all = entries.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Path next() {
                        return system.recorded(all.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                entries.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        recording.note(
                () -> Files.createDirectory(plain(directory), attributes),
                new Operation.MakeDirectory(recording.relative(directory)));
    }

    @Override
    public void delete(Path path) throws IOException {
        recording.note(
                () -> Files.delete(plain(path)), new Operation.Remove(recording.relative(path)));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        recording.note(
                () -> Files.createLink(plain(link), plain(existing)),
                new Operation.Link(recording.relative(existing), recording.relative(link)));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        recording.note(
                () -> Files.move(plain(source), plain(target), options),
                new Operation.Rename(recording.relative(source), recording.relative(target)));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("copies are not recorded");
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return Files.isSameFile(plain(path), plain(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(plain(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(plain(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        plain(path).getFileSystem().provider().checkAccess(plain(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return Files.getFileAttributeView(plain(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
            Path path, Class<A> type, LinkOption... options) throws IOException {
        return Files.readAttributes(plain(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
            throws IOException {
        return Files.readAttributes(plain(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
            throws IOException {
        Files.setAttribute(plain(path), name, value, options);
    }
}

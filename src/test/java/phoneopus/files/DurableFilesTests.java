package phoneopus.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import phoneopus.disk.Operation;
import phoneopus.disk.Recording;

class DurableFilesTests {

    @TempDir Path folder;

    @Test
    void writesAFileThatIsPrivate() throws IOException {
        DurableFiles.write(folder.resolve("file"), bytes("one"));

        assertThat(folder.resolve("file")).hasContent("one");
        assertThat(permissions(folder.resolve("file"))).isEqualTo("rw-------");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void replacesAnOlderFileAndItsPermissions() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "older and longer");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        DurableFiles.write(file, bytes("new"));

        assertThat(file).hasContent("new");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void severalMayDeleteTheSameTree() throws Exception {
        var tree = folder.resolve("tree");
        for (int i = 0; i < 300; i++) {
            Files.createDirectories(tree.resolve("" + i));
            Files.createFile(tree.resolve(i + "/file"));
        }

        Callable<Boolean> delete =
                () -> {
                    DurableFiles.deleteTree(tree);
                    return true;
                };
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var deleted : threads.invokeAll(Collections.nCopies(4, delete))) {
                assertThat(deleted.get()).isTrue();
            }
        }

        assertThat(tree).doesNotExist();
    }

    @Test
    void theFirstWriterWins() throws IOException {
        var file = folder.resolve("file");

        var first = DurableFiles.writeFirst(file, bytes("first"));
        var second = DurableFiles.writeFirst(file, bytes("second"));

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(file).hasContent("first");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aFileThatAnotherWriterMakesMeanwhileIsNeverPutAside() throws Exception {
        var together = new CyclicBarrier(4);
        Callable<Integer> writer =
                () -> {
                    int first = 0;
                    for (int i = 0; i < 300; i++) {
                        together.await();
                        first +=
                                DurableFiles.writeFirst(folder.resolve("file" + i), bytes("one"))
                                        ? 1
                                        : 0;
                    }
                    return first;
                };
        int firsts = 0;
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(Collections.nCopies(4, writer))) {
                firsts += done.get();
            }
        }

        assertThat(firsts).isEqualTo(300);
        assertThat(names()).hasSize(300).noneMatch(name -> name.contains("damaged"));
    }

    @Test
    void ofFiftyWritersExactlyOneIsFirst() throws Exception {
        var file = folder.resolve("file");
        var gate = new CountDownLatch(1);
        var writers = new ArrayList<Future<Boolean>>();
        try (var threads = Executors.newFixedThreadPool(50)) {
            for (int i = 0; i < 50; i++) {
                var content = bytes("writer " + i);
                Callable<Boolean> writer =
                        () -> {
                            gate.await();
                            return DurableFiles.writeFirst(file, content);
                        };
                writers.add(threads.submit(writer));
            }
            gate.countDown();
        }

        var winners = new ArrayList<Integer>();
        for (int i = 0; i < 50; i++) {
            if (writers.get(i).get()) {
                winners.add(i);
            }
        }
        assertThat(winners).hasSize(1);
        assertThat(file).hasContent("writer " + winners.getFirst());
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aFailedWriteLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> DurableFiles.write(folder.resolve("absent/file"), bytes("one")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(
                        () -> DurableFiles.writeFirst(folder.resolve("absent/file"), bytes("one")))
                .isInstanceOf(IOException.class);

        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "write lightly", "write first", "lock", "delete", "move"})
    void whatIsInTheWayIsPutAsideWhole(String how) throws IOException {
        var file = Files.createDirectories(folder.resolve("file/by a folder")).getParent();

        switch (how) {
            case "write" -> DurableFiles.write(file, bytes("one"));
            case "write lightly" -> DurableFiles.writeLightly(file, bytes("one"));
            case "write first" -> assertThat(DurableFiles.writeFirst(file, bytes("one"))).isTrue();
            case "lock" -> DurableFiles.openLock(file).close();
            case "delete" -> DurableFiles.delete(file);
            default -> DurableFiles.move(Files.createFile(folder.resolve("from")), file);
        }

        assertThat(Files.isRegularFile(file)).isEqualTo(!how.equals("delete"));
        assertThat(names())
                .filteredOn(name -> name.matches("file\\.damaged\\.\\d+"))
                .singleElement()
                .satisfies(name -> assertThat(folder.resolve(name + "/by a folder")).exists());
    }

    /** Two others come in between: one before it is put aside, one before it is put back. */
    @Test
    void whatAnotherWroteMeanwhileIsNotReplacedByWhatWasThereBefore() throws IOException {
        var file = Files.createDirectory(folder.resolve("file"));
        var recording = new Recording(folder);
        recording.refuse(operation -> {
            switch (operation) {
                case Operation.Rename _ -> replaceBy("second", file);
                case Operation.Link _ -> replaceBy("third", file);
                default -> {}
            }
            return false;
        });

        DurableFiles.openLock(recording.root().resolve("file")).close();

        assertThat(file).content().isEqualTo("third");
        assertThat(names()).containsExactly("file");
    }

    private static void replaceBy(String content, Path file) {
        try {
            Files.deleteIfExists(file);
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsNotThereCannotBeMovedAndPutsNothingAside() throws IOException {
        var there = Files.createDirectories(folder.resolve("there/and kept")).getParent();

        assertThatThrownBy(() -> DurableFiles.move(folder.resolve("absent"), there))
                .isInstanceOf(NoSuchFileException.class);

        assertThat(there.resolve("and kept")).exists();
        assertThat(names()).containsExactly("there");
    }

    @Test
    void createsDirectoriesThatArePrivate() throws IOException {
        DurableFiles.createDirectories(folder.resolve("a/b/c"));

        assertThat(permissions(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("a/b/c"))).isEqualTo("rwx------");
    }

    @Test
    void leavesADirectoryThatExistsAsItIs() throws IOException {
        var open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

        DurableFiles.createDirectories(open);

        assertThat(permissions(open)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void aFileInTheWayOfADirectoryIsAnError() throws IOException {
        Files.writeString(folder.resolve("file"), "one");

        assertThatThrownBy(() -> DurableFiles.createDirectories(folder.resolve("file")))
                .isInstanceOf(IOException.class);
        assertThat(folder.resolve("file")).hasContent("one");
    }

    @Test
    void aLightFileIsPrivateToo() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "older and longer");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        DurableFiles.writeLightly(file, bytes("new"));

        assertThat(file).hasContent("new");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("file");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

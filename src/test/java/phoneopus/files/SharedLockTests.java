package phoneopus.files;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import phoneopus.disk.Operation;
import phoneopus.disk.Recording;
import phoneopus.job.OtherJvm;
import phoneopus.job.WiredServer;

@Timeout(60)
class SharedLockTests {

    @TempDir Path temporary;
    Path file;

    @BeforeEach
    void placeFile() {
        file = temporary.resolve("dispatch.lock");
    }

    @Test
    void threadsExcludeEachOther() throws Exception {
        var lock = new SharedLock();
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        Callable<Object> worker =
                () -> {
                    for (int i = 0; i < 50; i++) {
                        lock.hold(
                                file,
                                () -> {
                                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                    Thread.yield();
                                    return inside.decrementAndGet();
                                });
                    }
                    return most;
                };

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(Stream.generate(() -> worker).limit(8).toList())) {
                done.get();
            }
        }

        assertThat(most).hasValue(1);
    }

    @Test
    void processesExcludeEachOther() throws Exception {
        var number = Files.writeString(temporary.resolve("number"), "0");
        var other =
                OtherJvm.start(
                        temporary.resolve("output"),
                        "count",
                        file.toString(),
                        number.toString(),
                        "300");

        try {
            await().atMost(WiredServer.LONG).until(() -> !Files.readString(number).equals("0"));
            OtherJvm.count(file, number, 300);

            assertThat(other.waitFor(30, SECONDS)).isTrue();
            assertThat(temporary.resolve("output")).isEmptyFile();
            assertThat(number).hasContent("600");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void theLockOfAKilledProcessIsFree() throws Exception {
        var held = temporary.resolve("held");
        var other =
                OtherJvm.start(
                        temporary.resolve("output"), "hold", file.toString(), held.toString());
        try {
            await().atMost(WiredServer.LONG).until(() -> Files.exists(held));
            var waiting = heldByAnotherThread(file);

            assertThat(waiting).isNotDone();
            other.destroyForcibly();

            assertThat(waiting.get(10, SECONDS)).isEqualTo("mine");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void workThatFailsFreesIt() throws Exception {
        var lock = new SharedLock();

        assertThatThrownBy(() ->
                        lock.hold(
                                file,
                                () -> {
                                    throw new IOException("no");
                                }))
                .hasMessage("no");

        assertThat(lock.<String>hold(file, () -> "mine")).isEqualTo("mine");
    }

    @Test
    void aFolderInItsPlaceThatCannotBeMovedKeepsNobodyWaiting() throws Exception {
        var recording = new Recording(temporary);
        var lock = recording.root().resolve("dispatch.lock");
        recording.refuse(operation -> operation instanceof Operation.Rename);
        Files.createDirectory(file);

        assertThatThrownBy(() -> new SharedLock().hold(lock, () -> "mine"))
                .isInstanceOf(IOException.class);
        recording.refuse(_ -> false);

        assertThat(heldByAnotherThread(lock).get(30, SECONDS)).isEqualTo("mine");
    }

    private static CompletableFuture<String> heldByAnotherThread(Path lock) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new SharedLock().hold(lock, () -> "mine");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void itsFileIsPrivate() throws Exception {
        var permissions = new SharedLock().hold(file, () -> Files.getPosixFilePermissions(file));

        assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
    }

    @Test
    void aLinkInItsPlaceIsNotFollowed() throws Exception {
        var elsewhere = temporary.resolve("elsewhere");
        Files.createSymbolicLink(file, elsewhere);

        assertThat(new SharedLock().<String>hold(file, () -> "mine")).isEqualTo("mine");

        assertThat(elsewhere).doesNotExist();
        assertThat(file).isRegularFile();
    }
}

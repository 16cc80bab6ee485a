package phoneopus.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import phoneopus.time.Deadline;

/**
 * What comes in on stdin. It is read on a thread of its own, while the application starts: a pipe
 * that a build or ssh leaves open, and that nobody writes to, never ends.
 */
final class PipedInput {
    /** How long a pipe that nobody has written to is waited for. */
    private static final Duration FIRST = Duration.ofSeconds(3);

    /** Far more than a question may have, and still fits into memory. */
    static final int MOST = 16 * 1024 * 1024;

    private final CompletableFuture<@Nullable Void> begun = new CompletableFuture<>();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final Deadline first = Deadline.in(FIRST);

    private final InputStream in;
    private final boolean piped;

    PipedInput(InputStream in, boolean piped) {
        this.in = in;
        this.piped = piped;
    }

    static PipedInput ofThisProcess() {
        return new PipedInput(System.in, isPipeOrFile());
    }

    private static boolean isPipeOrFile() {
        // If it is closed, Java's first file takes its place.
        Path java = Path.of(System.getProperty("java.home"));
        return Keyboard.file(Keyboard.STDIN)
                .filter(file -> !file.startsWith("/dev") && !file.startsWith(real(java)))
                .isPresent();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path;
        }
    }

    /** Whether it is a pipe or a file, and so may have something to add to a question. */
    boolean piped() {
        return piped;
    }

    void begin() {
        Thread.ofPlatform().daemon().name("stdin").start(this::readAll);
    }

    private void readAll() {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] some = new byte[8192];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                all.write(some, 0, read);
                begun.complete(null);
                if (all.size() > MOST) {
                    throw new IOException("stdin is longer than " + MOST / 1024 / 1024 + " MB");
                }
            }
            whole.complete(all.toByteArray());
        } catch (IOException e) {
            whole.completeExceptionally(e);
        } finally {
            begun.complete(null);
        }
    }

    /**
     * All of it; empty if nobody has written to it for some seconds.
     *
     * @param err is told about a wait
     */
    Optional<String> text(PrintStream err) throws IOException, InterruptedException {
        try {
            begun.get(first.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            err.println(
                    "Nothing came in on stdin within 3 s, so nothing is appended. To wait for it, add -; to skip this wait, add </dev/null.");
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        try {
            whole.get(FIRST.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            err.println("Reading stdin until its end …");
        } catch (ExecutionException _) {
            // Thrown again below.
        }
        return Optional.of(untilItsEnd());
    }

    /** All of it, however long it takes. */
    String untilItsEnd() throws IOException, InterruptedException {
        try {
            return new String(whole.get(), StandardCharsets.UTF_8);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }
}

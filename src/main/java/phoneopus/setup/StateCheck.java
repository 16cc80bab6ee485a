package phoneopus.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;
import phoneopus.files.DurableFiles;
import phoneopus.files.RegularFiles;
import phoneopus.index.JobIndexInspection;
import phoneopus.index.JobIndexInspection.State;
import phoneopus.original.OriginalInspection;
import phoneopus.original.OriginalInspection.Originals;

/**
 * Checks that consults can be stored and listed.
 *
 * @param room the number of free bytes on a file's file system
 */
record StateCheck(Path directory, ToLongFunction<Path> room) {
    private static final DataSize LEAST = DataSize.ofMegabytes(100);

    /** Limits how many files a check looks at, to keep it fast. */
    private static final long MOST_FILES = 50_000;

    private static final int MOST_NAMED = 3;

    /** The depth of a job's directory, the deepest place where a server sets files aside. */
    private static final int DEEPEST = 3;

    private static final Pattern ASIDE = Pattern.compile(".+\\.damaged\\.\\d+");
    private static final String USER = System.getProperty("user.name");
    private static final String PRIVATE = "rwx------";

    static long room(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void directory(Finding.Collector found) throws IOException {
        Path there = directory;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        Optional<Path> foreign = Files.isDirectory(there) ? foreign(there) : Optional.empty();
        if (!Files.isDirectory(there)) {
            found.error(
                    there + " is in the way: it is not a directory",
                    Finding.command("mv", there, there + ".aside"));
        } else if (foreign.isPresent()) {
            found.error(
                    "%s belongs to %s, not to you"
                            .formatted(foreign.get(), Files.getOwner(foreign.get()).getName()),
                    asRoot(Finding.command("chown", "-R", USER, foreign.get())));
        } else if (room.applyAsLong(there) < LEAST.toBytes()) {
            found.error(
                    "%s has %d MB free, but %d are needed"
                            .formatted(
                                    there,
                                    DataSize.ofBytes(room.applyAsLong(there)).toMegabytes(),
                                    LEAST.toMegabytes()),
                    "free some space, or set PHONE_OPUS_STATE_DIR to another directory");
        } else if (there.equals(directory)) {
            present(found);
        } else {
            absent(there, found);
        }
    }

    private void present(Finding.Collector found) throws IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        Optional<Path> inTheWay =
                Stream.of("spool", "open")
                        .map(directory::resolve)
                        .filter(RegularFiles::noDirectory)
                        .findFirst();
        List<Path> aside = aside();
        if (!mode.equals(PRIVATE)) {
            found.warn(
                    "%s has mode %s; the next start sets it to %s"
                            .formatted(directory, mode, PRIVATE),
                    Finding.command("chmod", "700", directory));
        } else if (!Files.isWritable(directory)) {
            found.error(
                    directory + " cannot be written: its file system may be read-only",
                    "set PHONE_OPUS_STATE_DIR to another directory");
        } else if (inTheWay.isPresent()) {
            found.error(
                    inTheWay.get() + " is in the way: it is not a directory",
                    Finding.command("mv", inTheWay.get(), inTheWay.get() + ".aside"));
        } else if (!aside.isEmpty()) {
            found.warn(
                    "%d entries could not be read or are not phone-opus's own, and were set aside; no other consult is affected: %s"
                            .formatted(aside.size(), named(aside)),
                    "inspect them, then "
                            + Finding.command(
                                    Stream.concat(
                                                    Stream.of("rm", "-r"),
                                                    aside.stream().limit(MOST_NAMED))
                                            .toArray()));
        } else {
            found.ok("%s, private, %s".formatted(directory, size()));
        }
    }

    /** The files in {@code damaged} and those renamed by {@link DurableFiles#putAside}. */
    private List<Path> aside() throws IOException {
        try (Stream<Path> files = Files.walk(directory, DEEPEST)) {
            return files.limit(MOST_FILES)
                    .filter(file ->
                            directory.resolve("damaged").equals(file.getParent())
                                    || ASIDE.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException _) {
            return List.of(); // A file was deleted in the meantime.
        }
    }

    private void absent(Path ancestor, Finding.Collector found) throws IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(ancestor));
        if (mode.startsWith("rwx") && Files.isWritable(ancestor)) {
            found.ok(directory + ", created on first use");
            return;
        }
        found.error(
                "%s cannot be created: %s cannot be written, its mode is %s"
                        .formatted(directory, ancestor, mode),
                ownedBy(USER, ancestor)
                        ? Finding.command("chmod", "u+rwx", ancestor)
                        : asRoot(
                                Finding.command(
                                        "install", "-d", "-m", "700", "-o", USER, directory)));
    }

    /**
     * The first file that belongs to another user. A server that was once started as root leaves
     * such files.
     */
    private Optional<Path> foreign(Path there) throws IOException {
        if (!there.equals(directory)) {
            return Optional.empty();
        }
        if (!ownedBy(USER, directory)) {
            return Optional.of(directory);
        }
        if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.limit(MOST_FILES).filter(file -> !ownedBy(USER, file)).findFirst();
        }
    }

    private static boolean ownedBy(String user, Path file) {
        try {
            return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName().equals(user);
        } catch (IOException _) {
            return true; // It was deleted, or its owner is unknown.
        }
    }

    private static String asRoot(String command) {
        return USER.equals("root") ? command : "sudo " + command;
    }

    private String size() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long bytes = files.limit(MOST_FILES).mapToLong(RegularFiles::size).sum();
            return bytes < DataSize.ofMegabytes(1).toBytes()
                    ? DataSize.ofBytes(bytes).toKilobytes() + " KB"
                    : DataSize.ofBytes(bytes).toMegabytes() + " MB";
        } catch (UncheckedIOException _) {
            return "of unknown size"; // A file was deleted in the meantime.
        }
    }

    void index(Finding.Collector found) {
        switch (new JobIndexInspection(directory).look()) {
            case State.None() -> found.ok("none yet, created on first use");
            case State.Sound(long consults, boolean shared) ->
                    found.ok(
                            "readable, %d consults%s"
                                    .formatted(consults, shared ? ", opened by a server" : ""));
            case State.Damaged(Path file) ->
                    found.warn(
                            "%s is damaged; no consult is lost, the next start rebuilds it"
                                    .formatted(file),
                            Launch.ownCommandLine("jobs"));
            case State.Silent(String why) ->
                    found.warn(
                            "no answer from the database, so lists are slower: " + why,
                            "end the program that has it open, or try again later");
        }
    }

    /** Counts the consults of the original program, if there are any. */
    void original(Finding.Collector found) throws IOException {
        Originals originals = OriginalInspection.look(directory);
        if (originals.none()) {
            return;
        }
        Map<String, String> unreadable = originals.unreadable();
        String counts =
                "consults of the original program: %d imported, %d to import at the next look-up, %d open, %d unreadable"
                        .formatted(
                                originals.takenOver(),
                                originals.waiting(),
                                originals.open(),
                                unreadable.size());
        if (unreadable.isEmpty()) {
            found.ok(counts);
            return;
        }
        List<String> named =
                unreadable.entrySet().stream()
                        .map(one -> "%s (%s)".formatted(one.getKey(), one.getValue()))
                        .toList();
        found.warn(
                counts + ": " + named(named),
                "inspect them in %s, and move away those not worth repairing"
                        .formatted(directory.resolve("mcp/consult_jobs")));
    }

    private static String named(List<?> all) {
        String first =
                all.stream()
                        .limit(MOST_NAMED)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        int more = all.size() - MOST_NAMED;
        return first + (more > 0 ? " and %d more".formatted(more) : "");
    }
}

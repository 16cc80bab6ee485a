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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;
import phoneopus.index.JobIndexInspection;
import phoneopus.index.JobIndexInspection.JobIndex;
import phoneopus.original.OriginalInspection;
import phoneopus.original.OriginalInspection.Originals;

/**
 * Whether consults can be kept and listed.
 *
 * @param room bytes that are free where that file is
 */
record StateCheck(Path directory, ToLongFunction<Path> room) {
    static final String DIRECTORY = "state";
    static final String INDEX = "books";
    static final String ORIGINAL = "original";

    private static final DataSize LEAST = DataSize.ofMegabytes(100);

    /** Of a state directory, what is looked at: a check is to be quick. */
    private static final long MOST_FILES = 50_000;

    private static final int MOST_NAMED = 3;
    private static final String USER = System.getProperty("user.name");
    private static final String PRIVATE = "rwx------";

    static long room(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Finding> directoryItself() throws IOException {
        Path there = directory;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return List.of(
                    Finding.error(
                            DIRECTORY,
                            there + " is in the way: it is no directory",
                            Finding.command("mv", there, there + ".aside")));
        }
        Optional<Path> foreign = foreign(there);
        if (foreign.isPresent()) {
            return List.of(
                    Finding.error(
                            DIRECTORY,
                            "%s belongs to %s and not to you"
                                    .formatted(
                                            foreign.get(), Files.getOwner(foreign.get()).getName()),
                            asRoot(Finding.command("chown", "-R", USER, foreign.get()))));
        }
        if (room.applyAsLong(there) < LEAST.toBytes()) {
            return List.of(
                    Finding.error(
                            DIRECTORY,
                            "%s has %d MB left, and %d are wanted"
                                    .formatted(
                                            there,
                                            DataSize.ofBytes(room.applyAsLong(there)).toMegabytes(),
                                            LEAST.toMegabytes()),
                            "make room there, or set PHONE_OPUS_STATE_DIR to another place"));
        }
        return List.of(there.equals(directory) ? present() : absent(there));
    }

    private Finding present() throws IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        if (!mode.equals(PRIVATE)) {
            return Finding.warn(
                    DIRECTORY,
                    "%s is %s, which the next start makes %s".formatted(directory, mode, PRIVATE),
                    Finding.command("chmod", "700", directory));
        }
        if (!Files.isWritable(directory)) {
            return Finding.error(
                    DIRECTORY,
                    directory + " cannot be written, its file system may be read-only",
                    "set PHONE_OPUS_STATE_DIR to another place");
        }
        Path damaged = directory.resolve("damaged");
        String[] aside = damaged.toFile().list();
        if (aside != null && aside.length > 0) {
            return Finding.warn(
                    DIRECTORY,
                    "%s has %d entries that could not be read and were set aside; no other consult is affected"
                            .formatted(damaged, aside.length),
                    "look at them, then " + Finding.command("rm", "-r", damaged));
        }
        return Finding.ok(DIRECTORY, "%s, private, %s".formatted(directory, size()));
    }

    private Finding absent(Path ancestor) throws IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(ancestor));
        if (mode.startsWith("rwx") && Files.isWritable(ancestor)) {
            return Finding.ok(DIRECTORY, directory + ", not there yet, a start makes it");
        }
        return Finding.error(
                DIRECTORY,
                "%s cannot be made, since %s cannot be written: %s"
                        .formatted(directory, ancestor, mode),
                ownedBy(USER, ancestor)
                        ? Finding.command("chmod", "u+rwx", ancestor)
                        : asRoot(
                                Finding.command(
                                        "install", "-d", "-m", "700", "-o", USER, directory)));
    }

    /** The first that belongs to somebody else: a server once started as root leaves such. */
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
            return true; // It is gone, or tells nobody.
        }
    }

    private static String asRoot(String command) {
        return USER.equals("root") ? command : "sudo " + command;
    }

    private String size() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long bytes = files.limit(MOST_FILES).mapToLong(StateCheck::bytes).sum();
            return bytes < DataSize.ofMegabytes(1).toBytes()
                    ? DataSize.ofBytes(bytes).toKilobytes() + " KB"
                    : DataSize.ofBytes(bytes).toMegabytes() + " MB";
        } catch (UncheckedIOException _) {
            return "of unknown size"; // Something in it has just gone.
        }
    }

    private static long bytes(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    List<Finding> index() {
        return List.of(
                switch (new JobIndexInspection(directory).look()) {
                    case JobIndex.None() -> Finding.ok(INDEX, "none yet, a start makes them");
                    case JobIndex.Sound(long consults, boolean shared) ->
                            Finding.ok(
                                    INDEX,
                                    "can be read, %d consults in them%s"
                                            .formatted(
                                                    consults, shared ? ", open in a server" : ""));
                    case JobIndex.Damaged(Path file) ->
                            Finding.warn(
                                    INDEX,
                                    "%s is damaged; no consult is lost, the next start makes it anew"
                                            .formatted(file),
                                    Launch.ownCommandLine("jobs"));
                    case JobIndex.Silent(String why) ->
                            Finding.warn(
                                    INDEX,
                                    "they do not answer, so lists have to wait: " + why,
                                    "end the program that has them open, or try again later");
                });
    }

    /** What became of the consults of the original program, where there are any. */
    List<Finding> original() throws IOException {
        Originals originals = OriginalInspection.look(directory);
        if (originals.none()) {
            return List.of();
        }
        String counts =
                "consults of the original program: %d taken over, %d to be taken over by the next look-up, %d open, %d unreadable"
                        .formatted(
                                originals.takenOver(),
                                originals.waiting(),
                                originals.open(),
                                originals.unreadable().size());
        if (originals.unreadable().isEmpty()) {
            return List.of(Finding.ok(ORIGINAL, counts));
        }
        String named =
                originals.unreadable().entrySet().stream()
                        .limit(MOST_NAMED)
                        .map(StateCheck::named)
                        .collect(Collectors.joining(", "));
        int more = originals.unreadable().size() - MOST_NAMED;
        return List.of(
                Finding.warn(
                        ORIGINAL,
                        "%s: %s%s"
                                .formatted(
                                        counts,
                                        named,
                                        more > 0 ? " and %d more".formatted(more) : ""),
                        "look at them in %s, and move away what is not worth mending"
                                .formatted(directory.resolve("mcp/consult_jobs"))));
    }

    private static String named(Map.Entry<String, String> unreadable) {
        return "%s (%s)".formatted(unreadable.getKey(), unreadable.getValue());
    }
}

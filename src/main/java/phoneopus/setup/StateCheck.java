package phoneopus.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/**
 * Whether consults can be kept.
 *
 * @param room bytes that are free where that file is
 */
record StateCheck(Path directory, ToLongFunction<Path> room) implements Check {
    private static final DataSize LEAST = DataSize.ofMegabytes(100);

    /** Of a state directory, what is looked at: a check is to be quick. */
    private static final long MOST_FILES = 50_000;

    private static final String USER = System.getProperty("user.name");
    private static final String PRIVATE = "rwx------";

    static long room(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String subject() {
        return "state";
    }

    @Override
    public List<Finding> look() throws IOException {
        Path there = directory;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            return List.of(
                    Finding.miss(
                            subject(),
                            there + " is in the way: it is no directory",
                            Finding.command("mv", there, there + ".aside")));
        }
        Optional<Path> foreign = foreign(there);
        if (foreign.isPresent()) {
            return List.of(
                    Finding.miss(
                            subject(),
                            "%s belongs to %s and not to you"
                                    .formatted(
                                            foreign.get(), Files.getOwner(foreign.get()).getName()),
                            asRoot(Finding.command("chown", "-R", USER, foreign.get()))));
        }
        if (room.applyAsLong(there) < LEAST.toBytes()) {
            return List.of(
                    Finding.miss(
                            subject(),
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
                    subject(),
                    "%s is %s, which the next start makes %s".formatted(directory, mode, PRIVATE),
                    Finding.command("chmod", "700", directory));
        }
        if (!Files.isWritable(directory)) {
            return Finding.miss(
                    subject(),
                    directory + " cannot be written, its file system may be read-only",
                    "set PHONE_OPUS_STATE_DIR to another place");
        }
        Path damaged = directory.resolve("damaged");
        String[] aside = damaged.toFile().list();
        if (aside != null && aside.length > 0) {
            return Finding.warn(
                    subject(),
                    "%s has %d entries that could not be read and were set aside; no other consult is affected"
                            .formatted(damaged, aside.length),
                    "look at them, then " + Finding.command("rm", "-r", damaged));
        }
        return Finding.ok(subject(), "%s, private, %s".formatted(directory, size()));
    }

    private Finding absent(Path ancestor) throws IOException {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(ancestor));
        if (mode.startsWith("rwx") && Files.isWritable(ancestor)) {
            return Finding.ok(subject(), directory + ", not there yet, a start makes it");
        }
        return Finding.miss(
                subject(),
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
}

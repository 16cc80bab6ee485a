package phoneopus.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** What somebody may put where a server keeps a file or a folder. */
enum PlantedKind {
    LINK_TO_FILE,
    LINK_TO_FOLDER,
    DANGLING_LINK,
    LINK_TO_DEVICE,
    PIPE,
    FOLDER,
    /** In the place of a folder. */
    FILE;

    /** Whether this is another kind than what belongs there. */
    boolean wrongFor(boolean folder) {
        return this != (folder ? FOLDER : FILE);
    }

    /**
     * Puts it in that place.
     *
     * @param elsewhere what a link leads to: the same that was there, where it is of that kind
     */
    void plant(Path place, Path elsewhere) throws IOException, InterruptedException {
        Files.createDirectories(elsewhere.getParent());
        Files.createDirectories(place.getParent());
        boolean folder = this == LINK_TO_FOLDER;
        if (folder == Files.isDirectory(place) && Files.exists(place)) {
            FileSystemUtils.copyRecursively(place, elsewhere);
        } else if (folder) {
            Files.createDirectory(elsewhere);
        } else if (this == LINK_TO_FILE) {
            Files.writeString(elsewhere, "somebody else's");
        }
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            FileSystemUtils.deleteRecursively(place);
        } else {
            Files.deleteIfExists(place);
        }
        switch (this) {
            case LINK_TO_FILE, LINK_TO_FOLDER -> Files.createSymbolicLink(place, elsewhere);
            case DANGLING_LINK ->
                    Files.createSymbolicLink(place, elsewhere.resolveSibling("nowhere"));
            case LINK_TO_DEVICE -> Files.createSymbolicLink(place, Path.of("/dev/zero"));
            case PIPE -> new ProcessBuilder("mkfifo", place.toString()).start().waitFor();
            case FOLDER ->
                    Files.writeString(
                            Files.createDirectory(place).resolve("in the way"), "somebody else's");
            case FILE -> Files.writeString(place, "somebody else's");
        }
    }
}

package phoneopus.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import phoneopus.setup.Finding;
import phoneopus.setup.Launch;

/** What a person types in this shell and directory to run this program. */
final class ProgramName {
    private static final String USUAL = "phone-opus";

    private ProgramName() {}

    static String get() {
        return of(Launch.ownCommand(), System.getenv(), Path.of(System.getProperty("user.dir")));
    }

    /**
     * The program by its name if the PATH leads to it, else by its path.
     *
     * @param command the absolute path of the program, and arguments
     */
    static String of(List<String> command, Map<String, String> environment, Path here) {
        Path program = Path.of(command.getFirst());
        if (command.size() == 1 && onThePath(program, environment.getOrDefault("PATH", ""))) {
            return USUAL;
        }
        Path shown = program.startsWith(here) ? here.relativize(program) : program;
        List<Object> words = new ArrayList<>(command);
        words.set(0, shown.getNameCount() == 1 ? "./" + shown : shown);
        return Finding.command(words.toArray());
    }

    private static boolean onThePath(Path program, String path) {
        for (String folder : path.split(":", -1)) {
            Path found = Path.of(folder, USUAL);
            if (Files.isExecutable(found)) {
                return same(found, program);
            }
        }
        return false;
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException _) {
            return false;
        }
    }
}

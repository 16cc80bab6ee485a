package phoneopus.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@code claude} command that answers at once, unless its gate is shut. It notes each job that it
 * is run for in a journal beside the state directory.
 */
final class QuickClaude {
    private final Path folder;

    QuickClaude(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        Files.writeString(
                        command(),
                        """
                        #!/bin/sh
                        [ "$1" != --version ] || { echo '0.0.0 (fake)'; exit; }
                        while [ $# -gt 0 ]; do
                          case $1 in --session-id | --resume) session=$2 ;; esac
                          shift
                        done
                        out=$(readlink /proc/$$/fd/1)
                        job=${out%%/*}
                        echo "${job##*/}" >>"${out%%%%/state/spool/*}/journal"
                        printf '{"type":"system","subtype":"init","session_id":"%%s","model":"opus"}\\n' "$session"
                        while [ -e '%s/shut' ]; do sleep 0.02; done
                        printf '{"type":"result","subtype":"success","is_error":false,"result":"Yes.","session_id":"%%s",' "$session"
                        printf '"total_cost_usd":0.25,"num_turns":1,"duration_ms":5}\\n'
                        """
                                .formatted(folder))
                .toFile()
                .setExecutable(true);
    }

    Path command() {
        return folder.resolve("claude");
    }

    void shut() throws IOException {
        Files.writeString(folder.resolve("shut"), "");
    }

    void open() throws IOException {
        Files.deleteIfExists(folder.resolve("shut"));
    }

    /** For which jobs of the state directory beside it, one for each run. */
    static List<String> runs(Path root) throws IOException {
        var journal = root.resolve("journal");
        return Files.exists(journal) ? Files.readAllLines(journal) : List.of();
    }
}

package phoneopus.setup;

import java.nio.file.Path;
import java.util.List;
import phoneopus.index.JobIndexInspection;
import phoneopus.index.JobIndexInspection.JobIndex;

/** Whether the lists of consults can be read. */
record JobIndexCheck(Path stateDirectory) implements Check {
    @Override
    public String subject() {
        return "books";
    }

    @Override
    public List<Finding> look() {
        return List.of(
                switch (new JobIndexInspection(stateDirectory).look()) {
                    case JobIndex.None() -> Finding.ok(subject(), "none yet, a start makes them");
                    case JobIndex.Sound(long consults, boolean shared) ->
                            Finding.ok(
                                    subject(),
                                    "can be read, %d consults in them%s"
                                            .formatted(
                                                    consults, shared ? ", open in a server" : ""));
                    case JobIndex.Damaged(Path file) ->
                            Finding.warn(
                                    subject(),
                                    "%s is damaged; no consult is lost, the next start makes it anew"
                                            .formatted(file),
                                    Finding.ownCommand("jobs"));
                    case JobIndex.Silent(String why) ->
                            Finding.warn(
                                    subject(),
                                    "they do not answer, so lists have to wait: " + why,
                                    "end the program that has them open, or try again later");
                });
    }
}

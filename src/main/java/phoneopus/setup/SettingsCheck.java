package phoneopus.setup;

import java.util.List;
import java.util.stream.Stream;

/** Whether a start would accept the settings, and knows them all. */
record SettingsCheck(List<Settings.Fault> faults, List<Settings.Fault> unknown) implements Check {
    @Override
    public String subject() {
        return "settings";
    }

    @Override
    public List<Finding> look() {
        if (faults.isEmpty() && unknown.isEmpty()) {
            return List.of(Finding.ok(subject(), "all of them are usable"));
        }
        return Stream.concat(
                        faults.stream()
                                .map(fault ->
                                        Finding.miss(subject(), fault.sentence(), fault.mend())),
                        unknown.stream()
                                .map(name -> Finding.warn(subject(), name.sentence(), name.mend())))
                .toList();
    }
}

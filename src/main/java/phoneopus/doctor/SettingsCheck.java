package phoneopus.doctor;

import java.util.List;

/** Whether a start would accept the settings. */
record SettingsCheck(List<Settings.Fault> faults) implements Check {
    @Override
    public String subject() {
        return "settings";
    }

    @Override
    public List<Finding> look() {
        return faults.isEmpty()
                ? List.of(Finding.ok(subject(), "all of them are usable"))
                : faults.stream()
                        .map(fault -> Finding.miss(subject(), fault.sentence(), fault.mend()))
                        .toList();
    }
}

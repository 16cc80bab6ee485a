package phoneopus.run;

import java.nio.file.Path;
import java.util.Optional;

/** The log of a run that has said nothing, and has a transcript or none. */
record SilentLog(Optional<Path> transcript) implements RunLog {
    @Override
    public void line(byte[] line) {
        throw new IllegalStateException();
    }

    @Override
    public Activity activity() {
        throw new IllegalStateException();
    }

    @Override
    public boolean resultSeen() {
        return false;
    }

    @Override
    public RunReport report(Remains remains) {
        throw new IllegalStateException();
    }
}

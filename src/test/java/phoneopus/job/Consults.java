package phoneopus.job;

import java.nio.file.Path;
import java.util.UUID;
import phoneopus.claude.Consult;

/** Consults that leave all that a test is not about to the settings. */
public final class Consults {
    private Consults() {}

    public static Consult of(String prompt, Path cwd) {
        return of(prompt, cwd, null, null);
    }

    public static Consult of(String prompt, Path cwd, UUID session, String principal) {
        return new Consult(prompt, cwd.toString(), null, session, null, null, principal);
    }
}

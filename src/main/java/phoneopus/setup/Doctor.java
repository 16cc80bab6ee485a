package phoneopus.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Looks at everything that a consult needs. */
public final class Doctor {
    private final List<Check> checks = new ArrayList<>();

    /**
     * @param environment of the shell that it is asked from
     */
    public Doctor(Settings settings, Map<String, String> environment) {
        List<Registration> registrations =
                Arrays.stream(Client.values())
                        .map(client -> new Registration(client, environment))
                        .toList();
        checks.add(new RuntimeCheck());
        checks.add(new StartCacheCheck(StartCache.ofThisProgram()));
        checks.add(new SettingsCheck(settings.faults(), settings.unknown()));
        checks.add(new ClaudeCheck(settings.claude(), environment));
        checks.add(new SignInCheck(settings.claude(), environment));
        checks.add(new AdviserCheck(settings.claude()));
        checks.add(new StateCheck(settings.stateDirectory(), StateCheck::room));
        checks.add(new JobIndexCheck(settings.stateDirectory()));
        checks.add(new OriginalCheck(settings.stateDirectory()));
        registrations.forEach(
                registration -> checks.add(new ClientCheck(registration, settings.consult())));
        checks.add(new DesktopCheck(settings.claude(), environment, registrations));
    }

    /** Looks, and changes nothing. */
    public Examination examine() {
        return new Examination(checks.stream().flatMap(check -> findings(check).stream()).toList());
    }

    /** Nothing that a check meets may keep the others from being made. */
    private static List<Finding> findings(Check check) {
        try {
            return check.look();
        } catch (IOException | RuntimeException e) {
            return List.of(
                    Finding.miss(
                            check.subject(),
                            "cannot be checked: " + Reason.of(e),
                            "see what is unusual there"));
        }
    }
}

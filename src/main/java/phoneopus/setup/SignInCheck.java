package phoneopus.setup;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.claude.ClaudeProperties;
import phoneopus.claude.Credentials;

/** Whether there is a sign-in, told without spending a request. */
record SignInCheck(ClaudeProperties properties, Map<String, String> environment) implements Check {
    @Override
    public String subject() {
        return "sign-in";
    }

    @Override
    public List<Finding> look() {
        Credentials credentials = Credentials.seenFrom(environment, properties);
        Optional<Credentials.Beaten> beaten = credentials.beaten();
        if (beaten.isPresent()) {
            return List.of(beaten(beaten.get()));
        }
        return List.of(
                credentials
                        .source()
                        .map(source ->
                                Finding.ok(
                                        subject(),
                                        "by %s; whether it is still good was not checked"
                                                .formatted(source)))
                        .orElseGet(() -> none(credentials)));
    }

    private Finding beaten(Credentials.Beaten beaten) {
        return Finding.warn(
                subject(),
                "billed per token by %s, which beats the login in %s"
                        .formatted(beaten.by(), beaten.login()),
                beaten.undo());
    }

    private Finding none(Credentials credentials) {
        String login = login(properties, environment);
        return credentials.mayBeInKeychain()
                ? Finding.warn(subject(), "not checked, since it may be in the keychain", login)
                : Finding.miss(subject(), "none found in variables, settings or files", login);
    }

    /** The command that signs in. */
    static String login(ClaudeProperties properties, Map<String, String> environment) {
        Optional<Path> claude = ClaudeInstallation.seenFrom(environment, properties).locate();
        return Finding.command(claude.isPresent() ? claude.get() : "claude", "auth", "login");
    }
}

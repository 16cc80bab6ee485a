package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;
import phoneopus.claude.Credentials;
import phoneopus.files.UserHome;
import phoneopus.setup.ConfigurationFile.MalformedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks our entry in a client's configuration, if that client has a configuration file.
 *
 * @param others our entries in the files of all clients
 * @param environment the variables of the user's shell
 */
record ClientCheck(
        Registration registration,
        List<Registration> others,
        Settings settings,
        Map<String, String> environment) {
    static final String PATIENCE = "PHONE_OPUS_CONSULT_PATIENCE";

    void check(Finding.Collector found) throws IOException {
        try {
            if (!registration.fileExists()) {
                return;
            }
            Optional<ObjectNode> ours = registration.entry();
            if (ours.isPresent()) {
                checkEntry(ours.get(), found);
            }
            if (registration.original().isPresent()) {
                found.warn(
                        ours.isPresent()
                                ? file()
                                        + " also has an entry of the original program, `phone_opus`: the client starts both"
                                : file()
                                        + " has only an entry of the original program, `phone_opus`",
                        install());
            } else if (ours.isEmpty() && needless()) {
                found.ok("not registered in %s; to change that: %s".formatted(file(), install()));
            } else if (ours.isEmpty()) {
                found.warn("not registered in " + file(), install());
            }
        } catch (IOException e) {
            found.error(
                    "%s cannot be read: %s".formatted(file(), Finding.reason(e)),
                    "make %s readable".formatted(file()));
        } catch (MalformedException e) {
            String text = file() + " " + e.getMessage();
            if (Files.exists(registration.backup())) {
                found.error(
                        text + "; a backup from before phone-opus was registered exists",
                        Finding.command("cp", registration.backup(), file()));
            } else {
                found.error(text, "correct it by hand: the client cannot read it either");
            }
        }
    }

    private void checkEntry(JsonNode entry, Finding.Collector found) {
        for (Path needed : needed(entry)) {
            if (!Files.exists(needed)) {
                found.error(
                        "its entry in %s names %s, which does not exist".formatted(file(), needed),
                        install());
                return;
            }
        }
        Duration patience;
        try {
            patience = patience(entry);
        } catch (IllegalArgumentException _) {
            found.error(
                    "%s in its entry is `%s`, which is not a duration"
                            .formatted(PATIENCE, entry.path("env").path(PATIENCE).asString("")),
                    install());
            return;
        }
        Optional<Duration> limit = registration.client().limit(entry);
        if (limit.isPresent() && (patience.isZero() || patience.compareTo(limit.get()) >= 0)) {
            found.error(
                    "it gives up a call after %s, but a call waits %s: answers get lost"
                            .formatted(
                                    words(limit.get()),
                                    patience.isZero() ? "forever" : words(patience)),
                    install());
        } else if (switchedOff(entry)) {
            found.warn(
                    "its entry in %s is disabled".formatted(file()),
                    "enable it in that file or in the client");
        } else {
            found.ok(
                    "registered in %s; it waits %s, a call answers within %s"
                            .formatted(
                                    file(),
                                    limit.map(ClientCheck::words).orElse("without limit"),
                                    patience.isZero() ? "any time" : words(patience)));
            checkVariables(entry, found);
        }
    }

    /** Clients do not give their servers all variables of a shell, and a desktop has none. */
    private void checkVariables(JsonNode entry, Finding.Collector found) {
        ClientFile client = registration.client();
        Map<String, String> server = ServerVariables.ofServer(client.product(), environment, entry);
        Optional<String> here = signIn(environment);
        Optional<String> there = signIn(server);
        NavigableSet<String> missing = ServerVariables.needed(environment, settings.claude());
        missing.removeAll(server.keySet());
        String names = String.join(", ", missing);
        if (ServerVariables.inTerminal(client.product()) && !missing.isEmpty()) {
            String text = "it does not pass on %s, which this shell sets".formatted(names);
            if (here.isPresent() && there.isEmpty()) {
                found.error(text + ": its server has no sign-in", install());
            } else {
                found.warn(text, install());
            }
        } else if (here.isPresent() && there.isEmpty()) {
            found.warn(
                    "started from the desktop, its server has no sign-in: that is %s, and only this shell sets %s"
                            .formatted(here.get(), names),
                    "start %s from this shell, or add these variables to env in %s"
                            .formatted(
                                    client.title(),
                                    missing.contains("CLAUDE_CONFIG_DIR")
                                            ? "its entry in " + file()
                                            : UserHome.of(environment)
                                                    .resolve(".claude/settings.json")));
        }
    }

    private Optional<String> signIn(Map<String, String> variables) {
        return Credentials.seenFrom(variables, settings.claude()).source();
    }

    /** Claude Code has its file wherever the command ran, and one client is enough for a user. */
    private boolean needless() {
        return registration.client() == ClientFile.CLAUDE_CODE
                || others.stream().anyMatch(ClientCheck::registered);
    }

    private static boolean registered(Registration other) {
        try {
            return other.entry().isPresent();
        } catch (IOException | MalformedException _) {
            return false; // Its own check says why.
        }
    }

    private Path file() {
        return registration.file();
    }

    /** Files that the entry names by absolute path. */
    private static List<Path> needed(JsonNode entry) {
        List<String> named = new ArrayList<>();
        named.add(entry.path("command").asString(""));
        named.add(entry.path("env").path(ClaudeCheck.VARIABLE).asString(""));
        JsonNode arguments = entry.path("args");
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i - 1).asString("").equals("-jar")) {
                named.add(arguments.get(i).asString(""));
            }
        }
        return named.stream().filter(name -> name.startsWith("/")).map(Path::of).toList();
    }

    private Duration patience(JsonNode entry) {
        String set = entry.path("env").path(PATIENCE).asString("");
        return set.isBlank()
                ? settings.consult().patienceOf(registration.client().product().handshakeName())
                : DurationStyle.detectAndParse(set);
    }

    private static boolean switchedOff(JsonNode entry) {
        return entry.path("disabled").asBoolean(false) || !entry.path("enabled").asBoolean(true);
    }

    private String install() {
        return Launch.ownCommandLine("install", registration.client());
    }

    private static String words(Duration duration) {
        if (duration.toSeconds() < 120) {
            return duration.toSeconds() + " s";
        }
        return duration.toMinutes() <= 120
                ? duration.toMinutes() + " min"
                : duration.toHours() + " h";
    }
}

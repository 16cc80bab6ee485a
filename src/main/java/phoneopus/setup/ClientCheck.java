package phoneopus.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;
import phoneopus.job.ConsultProperties;
import phoneopus.setup.ConfigurationFile.MalformedException;
import tools.jackson.databind.JsonNode;

/** What a client's configuration says of us, where that client is on this machine. */
record ClientCheck(Registration registration, ConsultProperties properties) {
    private static final String PATIENCE = "PHONE_OPUS_CONSULT_PATIENCE";

    String subject() {
        return registration.client().toString();
    }

    List<Finding> check() throws IOException {
        try {
            if (!registration.fileExists()) {
                return List.of();
            }
            Optional<Finding> ours = registration.entry().map(this::registered);
            if (registration.original().isPresent()) {
                return Stream.concat(ours.stream(), Stream.of(original(ours.isPresent()))).toList();
            }
            return List.of(ours.orElseGet(this::absent));
        } catch (IOException e) {
            return List.of(
                    Finding.error(
                            subject(),
                            "%s cannot be read: %s"
                                    .formatted(registration.file(), Finding.reason(e)),
                            "see to it that %s can be read".formatted(registration.file())));
        } catch (MalformedException e) {
            return List.of(malformed(e));
        }
    }

    private Finding malformed(MalformedException why) throws IOException {
        String text = "%s %s".formatted(registration.file(), why.getMessage());
        return Files.exists(registration.backup())
                ? Finding.error(
                        subject(),
                        text + "; a copy from before phone-opus was put in is kept",
                        Finding.command("cp", registration.backup(), registration.file()))
                : Finding.error(
                        subject(), text, "correct it by hand, the client cannot read it either");
    }

    private Finding original(boolean beside) {
        return Finding.warn(
                subject(),
                beside
                        ? "%s has an entry of the original program too, `phone_opus`: the client starts both"
                                .formatted(registration.file())
                        : "%s has only an entry of the original program, `phone_opus`"
                                .formatted(registration.file()),
                install());
    }

    private Finding absent() {
        return Finding.warn(subject(), "not registered in " + registration.file(), install());
    }

    private Finding registered(JsonNode entry) {
        for (Path needed : needed(entry)) {
            if (!Files.exists(needed)) {
                return Finding.error(
                        subject(),
                        "its entry in %s names %s, which is not there"
                                .formatted(registration.file(), needed),
                        install());
            }
        }
        Duration patience;
        try {
            patience = patience(entry);
        } catch (IllegalArgumentException _) {
            return Finding.error(
                    subject(),
                    "%s in its entry is `%s`, which is no duration"
                            .formatted(PATIENCE, entry.path("env").path(PATIENCE).asString("")),
                    install());
        }
        Optional<Duration> limit = registration.client().limit(entry);
        if (limit.isPresent() && (patience.isZero() || patience.compareTo(limit.get()) >= 0)) {
            return Finding.error(
                    subject(),
                    "it gives a call up after %s, and a call waits for %s: answers get lost"
                            .formatted(
                                    words(limit.get()),
                                    patience.isZero() ? "ever" : words(patience)),
                    install());
        }
        return switchedOff(entry)
                ? Finding.warn(
                        subject(),
                        "its entry in %s is switched off".formatted(registration.file()),
                        "switch it on in that file, or in the client")
                : Finding.ok(
                        subject(),
                        "registered in %s; it waits %s, a call answers within %s"
                                .formatted(
                                        registration.file(),
                                        limit.map(ClientCheck::words).orElse("without limit"),
                                        patience.isZero() ? "any time" : words(patience)));
    }

    /** Files that are named in full. */
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
                ? properties.patienceOf(registration.client().handshakeName())
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

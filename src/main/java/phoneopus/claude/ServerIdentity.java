package phoneopus.claude;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import phoneopus.run.ProcessIdentity;

/**
 * Identifies the server that accepted a consult. Another server would give Claude its own
 * environment, account and proxy, so it starts the consult only if both have the same or the first
 * is gone.
 *
 * @param process in the format of a pid file
 * @param environment a fingerprint of the variables that decide who pays and who answers
 */
public record ServerIdentity(String process, String environment) {
    private static final int FINGERPRINT_BYTES = 8;

    static ServerIdentity ofThisProcess(Map<String, String> environment) throws IOException {
        return new ServerIdentity(
                ProcessIdentity.ofThisProcess().toString(),
                fingerprint(ChildEnvironment.ofAccount(environment)));
    }

    /** Whether it was read completely: a field missing in the file is null. */
    public boolean whole() {
        return process != null && environment != null;
    }

    /** Whether this server may start a consult that the other one accepted. */
    public Leave leaveOf(ServerIdentity other) {
        if (environment.equals(other.environment) || process.equals(other.process)) {
            return Leave.GIVEN;
        }
        return ProcessIdentity.parse(other.process)
                .map(identity ->
                        switch (identity.sight()) {
                            case HERE -> identity.alive() ? Leave.REFUSED : Leave.GIVEN;
                            case GONE -> Leave.GIVEN;
                            case HIDDEN -> Leave.LATER;
                        })
                .orElse(Leave.GIVEN);
    }

    /** Permission to start a consult that another server accepted. */
    public enum Leave {
        GIVEN,
        /** That server is not visible from here and may be alive. */
        LATER,
        REFUSED
    }

    private static String fingerprint(Map<String, String> environment) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            environment.forEach((name, value) ->
                    digest.update((name + "=" + value + "\0").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

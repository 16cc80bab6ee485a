package phoneopus.claude;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import phoneopus.run.ProcessIdentity;

/**
 * The server that accepted a consult. Another one gives Claude its own environment, and with it its
 * own account and proxy, so that it starts the consult only where both have the same, or where the
 * first is gone.
 *
 * @param process in the words of a pid file
 * @param environment fingerprint of what decides who pays and who answers
 */
public record ServerIdentity(String process, String environment) {
    private static final int FINGERPRINT_BYTES = 8;

    static ServerIdentity ofThisProcess(Map<String, String> environment) throws IOException {
        return new ServerIdentity(
                ProcessIdentity.ofThisProcess().toString(),
                fingerprint(ChildEnvironment.ofAccount(environment)));
    }

    /** Whether it was read whole: what a file lacks is null. */
    public boolean whole() {
        return process != null && environment != null;
    }

    /** Whether a server that is this one may start what the other has accepted. */
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

    /** To start a consult that another server has accepted. */
    public enum Leave {
        GIVEN,
        /** That server cannot be seen from here: it may live. */
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

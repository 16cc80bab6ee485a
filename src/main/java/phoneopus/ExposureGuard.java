package phoneopus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;
import phoneopus.claude.ClaudeProperties;
import phoneopus.http.ApiKeysFile;
import phoneopus.http.HttpProperties;
import phoneopus.job.ConsultProperties;

/**
 * Accepts remote connections only if every caller has a key and none can reach other callers' data:
 * an adviser with a shell can read everything this user can, including other callers' consults.
 */
@Component
@ConditionalOnWebApplication
final class ExposureGuard {
    ExposureGuard(HttpProperties http, ConsultProperties consult, ClaudeProperties claude) {
        if (http.onLoopback()) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!anyKey(http)) {
            missing.add(
                    "a key (phone-opus.http.keys-file names the file, phone-opus key add NAME creates one)");
        }
        if (consult.allowedRoots().isEmpty()) {
            missing.add("phone-opus.consult.allowed-roots");
        }
        if (!claude.restricted() && !http.iTrustCallers()) {
            missing.add(
                    "phone-opus.claude.restricted=true (or phone-opus.http.i-trust-callers=true)");
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "phone-opus.http.address %s accepts remote connections, which also requires: %s."
                            .formatted(http.address(), String.join("; ", missing)));
        }
    }

    private static boolean anyKey(HttpProperties http) {
        ApiKeysFile file = http.keys().orElse(null);
        try {
            return file != null && !file.read().isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(file.unusable(e));
        }
    }
}

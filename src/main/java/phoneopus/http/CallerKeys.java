package phoneopus.http;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/**
 * The callers' keys, reread when the file changes, so that an added or removed key takes effect
 * immediately.
 */
@Component
@ConditionalOnWebApplication
class CallerKeys {
    private static final Logger log = LoggerFactory.getLogger(CallerKeys.class);

    private final @Nullable ApiKeysFile file;
    private Read last = new Read(Map.of(), ApiKeys.NONE);

    CallerKeys(HttpProperties properties) {
        file = properties.keys().orElse(null);
        if (file != null) {
            try {
                last = new Read(file.stamp(), file.read());
            } catch (IOException e) {
                // Without a cause, which would be printed instead of the sentence.
                throw new IllegalStateException(file.unusable(e));
            }
        }
    }

    private record Read(Map<String, Object> stamp, ApiKeys keys) {}

    /** Whether callers need a key; otherwise everyone is served. */
    boolean needed() {
        return file != null;
    }

    Optional<String> owner(String key) {
        return file == null ? Optional.empty() : now(file).owner(key);
    }

    /**
     * Returns no keys if the file is no longer readable, so that a removed key does not stay valid.
     */
    private synchronized ApiKeys now(ApiKeysFile readable) {
        try {
            Map<String, Object> stamp = readable.stamp();
            if (!stamp.equals(last.stamp())) {
                last = new Read(stamp, readable.read());
            }
        } catch (IOException e) {
            if (!last.keys().isEmpty()) {
                log.error("every caller is refused: {}", readable.unusable(e));
            }
            last = new Read(Map.of(), ApiKeys.NONE);
        }
        return last.keys();
    }
}

package phoneopus.original;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import phoneopus.spool.JobId;
import phoneopus.time.UnixMs;
import tools.jackson.databind.JsonNode;

/**
 * Reads values from the original program's files, which may be of any type: null if the type is
 * unexpected.
 */
final class OriginalValues {
    private OriginalValues() {}

    static @Nullable UUID uuid(JsonNode node) {
        return JobId.parse(node.stringValue("")).map(JobId::value).orElse(null);
    }

    static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    /** The number without its fraction. */
    static @Nullable Long whole(JsonNode node) {
        if (node.canConvertToLong() && node.isIntegralNumber()) {
            return node.longValue();
        }
        Double number = number(node);
        return number == null || Math.abs(number) >= 0x1p63 ? null : (Long) number.longValue();
    }

    static @Nullable Instant time(JsonNode node) {
        return UnixMs.read(whole(node));
    }

    static @Nullable Integer count(JsonNode node) {
        Long whole = whole(node);
        return whole == null || whole < 0 || whole > Integer.MAX_VALUE ? null : whole.intValue();
    }

    static @Nullable Double number(JsonNode node) {
        Double number = node.isNumber() ? (Double) node.numberValue().doubleValue() : null;
        return number == null || !Double.isFinite(number) ? null : number;
    }

    /** The model that wrote most; null if none is named. */
    static @Nullable String model(JsonNode usage) {
        return usage.properties().stream()
                .max(Comparator.comparingDouble(OriginalValues::written))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private static double written(Map.Entry<String, JsonNode> model) {
        Double tokens = number(model.getValue().path("outputTokens"));
        return tokens == null ? -1 : tokens;
    }
}

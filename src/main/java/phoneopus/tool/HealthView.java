package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import phoneopus.claude.ClaudeInstallation;
import phoneopus.job.JobHealth.Store;
import phoneopus.mcp.CallerTally;

/** The wire records of {@code health_snapshot}. */
final class HealthView {
    private HealthView() {}

    /**
     * How the server is.
     *
     * @param state {@code ok}, or {@code degraded}: then {@code store} or {@code claude} say why
     * @param running of the caller's own; null where the state directory cannot be read
     */
    record Concise(
            String state,
            long uptimeS,
            String version,
            String protocol,
            String transport,
            Store store,
            @Nullable Claude claude,
            @Nullable Integer running,
            @Nullable Integer queued,
            @Nullable LastFault lastFault) {}

    /**
     * The same with what the settings allow.
     *
     * @param maxConcurrent of all callers together
     */
    record Full(@JsonUnwrapped Concise concise, int maxConcurrent, int queueCapacity) {}

    record Claude(String binary, String version) {
        /** Of paths a caller with a name learns no more than it must: it may be a stranger here. */
        static Claude of(ClaudeInstallation.Found found, @Nullable String principal) {
            return new Claude(
                    principal == null
                            ? found.binary().toString()
                            : String.valueOf(found.binary().getFileName()),
                    found.version());
        }
    }

    record LastFault(
            @JsonProperty("class") String kind, String code, String operation, long atUnixMs) {
        static @Nullable LastFault of(CallerTally.@Nullable LastFault fault) {
            return fault == null
                    ? null
                    : new LastFault(fault.kind(), fault.code(), fault.tool(), fault.atUnixMs());
        }
    }
}

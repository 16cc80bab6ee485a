package phoneopus.spool;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/** Adds a field with the id to every structured log line that names a job. */
public final class JobInLogs implements StructuredLoggingJsonMembersCustomizer<ILoggingEvent> {
    @Override
    public void customize(JsonWriter.Members<ILoggingEvent> members) {
        members.add("job_id", JobInLogs::jobOf).whenNotNull();
    }

    private static @Nullable String jobOf(ILoggingEvent line) {
        Object[] arguments = line.getArgumentArray();
        return arguments == null
                ? null
                : Arrays.stream(arguments)
                        .flatMap(argument ->
                                argument instanceof JobId id ? Stream.of(id) : Stream.empty())
                        .map(JobId::toString)
                        .findFirst()
                        .orElse(null);
    }
}

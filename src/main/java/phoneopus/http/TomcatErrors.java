package phoneopus.http;

import java.io.IOException;
import java.util.Optional;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Replaces the error page of Tomcat, for requests that Tomcat itself refuses, by the same small
 * error.
 */
final class TomcatErrors extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() < HttpStatus.BAD_REQUEST.value()
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        HttpStatus status =
                Optional.ofNullable(HttpStatus.resolve(response.getStatus()))
                        .orElse(HttpStatus.INTERNAL_SERVER_ERROR);
        try {
            HttpRefusal.plain(status).write(response);
            response.finishResponse();
        } catch (IOException _) {
            // The client is gone.
        }
    }
}

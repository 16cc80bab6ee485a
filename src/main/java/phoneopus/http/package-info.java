/** The protocol over HTTP: Streamable HTTP, SSE, and keys of callers. */
@NullMarked
@ApplicationModule(allowedDependencies = {"mcp", "files", "time"})
package phoneopus.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

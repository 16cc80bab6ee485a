/** The same consults at a terminal, with no MCP client. */
@NullMarked
@ApplicationModule(allowedDependencies = {"tool", "job", "claude", "mcp", "client", "doctor"})
package phoneopus.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** Consults at a terminal, without an MCP client. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "tool", "setup", "job", "spool", "claude", "run", "files", "http", "mcp", "time"
        })
package phoneopus.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** The consult tools as an MCP client sees them. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "job",
            "original",
            "index",
            "spool",
            "claude",
            "run",
            "files",
            "mcp",
            "time"
        })
package phoneopus.tool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** Checks everything a consult needs, and edits the configuration files of MCP clients. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"job", "original", "index", "spool", "claude", "run", "files"})
package phoneopus.setup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** The protocol over standard input and output. */
@NullMarked
@ApplicationModule(allowedDependencies = {"mcp", "time"})
package phoneopus.stdio;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** The table of jobs, for lists. It can be rebuilt from the spool. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spool", "claude", "run", "files", "time"})
package phoneopus.index;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

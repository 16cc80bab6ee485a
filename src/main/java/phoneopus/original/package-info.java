/** Imports the jobs of the original program. */
@NullMarked
@ApplicationModule(allowedDependencies = {"index", "spool", "claude", "run", "files", "time"})
package phoneopus.original;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

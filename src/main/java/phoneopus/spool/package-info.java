/** The directories of the jobs, and which server owns each job. */
@NullMarked
@ApplicationModule(allowedDependencies = {"claude", "run", "files", "time"})
package phoneopus.spool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

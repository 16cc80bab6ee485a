/**
 * Runs a command detached from this process: starts it once, watches it, ends it, and finds it
 * again. Knows nothing about Claude.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"files", "time"})
package phoneopus.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

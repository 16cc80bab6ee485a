/**
 * A command run detached from this process: started once, watched, ended, and found again. Knows
 * nothing of Claude.
 */
@NullMarked
@ApplicationModule(allowedDependencies = "files")
package phoneopus.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** Elapsed time, and points in time as files and clients have them. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package phoneopus.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

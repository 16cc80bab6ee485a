/** Files that survive a power cut, and locks shared by several processes. */
@NullMarked
@ApplicationModule(allowedDependencies = "time")
package phoneopus.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** Files that outlive a power cut, and locks that several processes share. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package phoneopus.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

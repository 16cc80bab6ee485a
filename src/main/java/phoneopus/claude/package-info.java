/** The {@code claude} command: where it is, its arguments, its output. */
@NullMarked
@ApplicationModule(allowedDependencies = {"run", "files", "time"})
package phoneopus.claude;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

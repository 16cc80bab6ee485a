/** The {@code claude} command: where it is, how it is asked, what its output means. */
@NullMarked
@ApplicationModule(allowedDependencies = {"run", "files"})
package phoneopus.claude;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

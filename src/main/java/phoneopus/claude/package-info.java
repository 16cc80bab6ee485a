/** One run of the {@code claude} command: its arguments, its process, its files, its ending. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package phoneopus.claude;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

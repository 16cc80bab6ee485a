/** What is kept of each job: a directory of its own, and who takes care of it. */
@NullMarked
@ApplicationModule(allowedDependencies = {"claude", "run", "files"})
package phoneopus.spool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** The table of jobs that lists are made from. It can be made anew from the spool. */
@NullMarked
@ApplicationModule(allowedDependencies = {"spool", "run", "files"})
package phoneopus.index;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

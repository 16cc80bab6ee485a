/** Consults as durable jobs: submit, start in turn, watch, finalize, cancel, retain. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"original", "index", "spool", "claude", "run", "files", "time"})
package phoneopus.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

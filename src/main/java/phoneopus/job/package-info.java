/** Consults as durable jobs: submitted, started in turn, watched to their end, cancelled, kept. */
@NullMarked
@ApplicationModule(allowedDependencies = {"original", "index", "spool", "claude", "run", "files"})
package phoneopus.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/** Consults as durable jobs: their spool, who starts next, their endings. */
@NullMarked
@ApplicationModule(allowedDependencies = "claude")
package phoneopus.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

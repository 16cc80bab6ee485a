/** The parts of the protocol that the library lacks. This package does not know about consults. */
@NullMarked
@ApplicationModule(allowedDependencies = "time")
package phoneopus.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

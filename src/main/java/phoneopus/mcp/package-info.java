/** The protocol, where the library falls short of it. Knows nothing of consults. */
@NullMarked
@ApplicationModule(allowedDependencies = "time")
package phoneopus.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

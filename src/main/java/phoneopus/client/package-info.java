/** The configuration files of MCP clients: where each is, what it says of us, how to change it. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package phoneopus.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

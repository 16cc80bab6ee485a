/** Whether everything is there that a consult needs, and what to do where it is not. */
@NullMarked
@ApplicationModule(allowedDependencies = {"client", "job", "claude"})
package phoneopus.doctor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

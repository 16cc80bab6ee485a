/** phone-opus: lets one coding agent phone Claude Opus for a second opinion. */
@NullMarked
package phoneopus;

import org.jspecify.annotations.NullMarked;

package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire record of a list.
 *
 * @param cutToChars where prompts and responses were cut; null where there are none in it
 * @param note where the list comes from, if not from the index
 */
record JobPage(
        List<?> jobs,
        int count,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer cutToChars,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {}

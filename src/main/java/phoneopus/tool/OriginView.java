package phoneopus.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import phoneopus.run.Answer;

/** The wire record of where an answer came from: what is as usual is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OriginView(
        @Nullable String requestedModel,
        Answer.@Nullable Source resultSource,
        @Nullable String apiKeySource,
        @Nullable String errorAfterAnswer) {

    /** The command's word for an account that no variable names. */
    private static final String LOGIN = "none";

    static @Nullable OriginView of(Answer answer) {
        Answer.Origin origin = answer.origin();
        return origin == null
                ? null
                : new OriginView(
                        origin.requestedModel(),
                        answer.ofTranscript() ? origin.source() : null,
                        LOGIN.equals(origin.apiKeySource()) ? null : origin.apiKeySource(),
                        origin.laterError());
    }
}

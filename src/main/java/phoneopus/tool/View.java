package phoneopus.tool;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the caller wants to see it. */
record View(Render render, Detail detail) {
    enum Render {
        /** Text for a model. */
        PORCELAIN,
        /** Structured output. */
        JSON
    }

    enum Detail {
        CONCISE,
        FULL
    }

    static View of(@Nullable Render render, @Nullable Detail detail) {
        return new View(
                render == null ? Render.PORCELAIN : render,
                detail == null ? Detail.CONCISE : detail);
    }

    /** Of arguments that may be wrong otherwise. */
    static View of(@Nullable Map<String, Object> arguments) {
        boolean json = arguments != null && "json".equals(arguments.get("render"));
        return of(json ? Render.JSON : null, null);
    }

    boolean json() {
        return render == Render.JSON;
    }

    boolean full() {
        return detail == Detail.FULL;
    }
}

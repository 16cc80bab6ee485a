package phoneopus.mcp;

import org.jspecify.annotations.Nullable;

/** The call of a tool that this thread serves, as far as it is counted. */
public final class ToolCall {
    static final ScopedValue<ToolCall> CURRENT = ScopedValue.newInstance();

    private @Nullable Fault fault;

    ToolCall() {}

    /**
     * Why a call failed.
     *
     * @param kind one of few
     * @param code one of few, within its kind
     */
    record Fault(String kind, String code) {
        /** Of a call that failed and did not say why. */
        static final Fault UNKNOWN = new Fault("invariant", "internal");
    }

    /** Says why the call fails, both of them one word of few; nothing where none is served. */
    public static void failed(String kind, String code) {
        if (CURRENT.isBound()) {
            CURRENT.get().fault = new Fault(kind, code);
        }
    }

    Fault fault() {
        return fault == null ? Fault.UNKNOWN : fault;
    }
}

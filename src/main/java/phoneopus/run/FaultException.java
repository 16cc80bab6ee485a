package phoneopus.run;

/** A call that cannot be served: its fault code, what is wrong, and what to do. */
public abstract class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FaultCode code;
    private final String problem;
    private final String advice;

    protected FaultException(FaultCode code, String problem, String advice) {
        super(advice.isEmpty() ? problem : problem + " " + advice);
        this.code = code;
        this.problem = problem;
        this.advice = advice;
    }

    public final FaultCode code() {
        return code;
    }

    /** Whether retrying helps. */
    public boolean retryable() {
        return code.retryable();
    }

    /** The message without the advice. */
    public final String problem() {
        return problem;
    }

    /** What to do; empty if the words for it differ between a model and a person. */
    public final String advice() {
        return advice;
    }
}

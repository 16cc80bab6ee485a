package phoneopus.setup;

/** A configuration file that cannot be read, or not be changed with certainty. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String why) {
        super(why);
    }
}

package phoneopus.setup;

/** How bad it is. */
public enum Severity {
    OK("ok"),
    /** It works, but not as well or as safely as it could. */
    WARN("warn"),
    /** Consults fail, or answers get lost. */
    MISS("MISS");

    private final String word;

    Severity(String word) {
        this.word = word;
    }

    /** As it is printed. */
    public String word() {
        return word;
    }
}

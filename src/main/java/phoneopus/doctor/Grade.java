package phoneopus.doctor;

/** How bad it is. */
public enum Grade {
    OK("ok"),
    /** It works, but not as well or as safely as it could. */
    WARN("warn"),
    /** Consults fail, or answers get lost. */
    MISS("MISS");

    private final String word;

    Grade(String word) {
        this.word = word;
    }

    /** As it is printed. */
    public String word() {
        return word;
    }
}

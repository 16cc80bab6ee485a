package phoneopus.setup;

import java.util.List;

/** Which Java runs this, and so a server too. */
record RuntimeCheck() implements Check {
    @Override
    public String subject() {
        return "runtime";
    }

    @Override
    public List<Finding> look() {
        return List.of(
                Finding.ok(
                        subject(),
                        "Java %s in %s"
                                .formatted(Runtime.version(), System.getProperty("java.home"))));
    }
}

package phoneopus.spool;

import java.io.IOException;

/** What is done while a consult is accepted, before any other server can see it. */
@FunctionalInterface
public interface Preparation {
    void run() throws IOException;
}

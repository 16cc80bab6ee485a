package phoneopus.job;

import java.io.IOException;

/** What is done while a consult is accepted, before any other server can see it. */
@FunctionalInterface
interface Preparation {
    void run() throws IOException;
}

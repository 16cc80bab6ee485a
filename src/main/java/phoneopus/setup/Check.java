package phoneopus.setup;

import java.io.IOException;
import java.util.List;

/** One thing that has to be right. */
interface Check {
    /** One word for it. */
    String subject();

    /** Looks, and changes nothing. */
    List<Finding> look() throws IOException;
}

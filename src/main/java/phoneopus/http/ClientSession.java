package phoneopus.http;

import phoneopus.mcp.Caller;

/** The server's state of one HTTP client. */
interface ClientSession {
    String id();

    Caller caller();

    /** Whether one of its requests is in progress or one of its streams is open. */
    boolean busy();

    void close();
}

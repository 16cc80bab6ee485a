package phoneopus.http;

import phoneopus.mcp.Caller;

/** What the server keeps of one client over HTTP. */
interface ClientSession {
    String id();

    Caller caller();

    /** Whether a request of it runs, or a stream of it is open. */
    boolean busy();

    void close();
}

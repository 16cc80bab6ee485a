package phoneopus.stdio;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The one client of a stdio server.
 *
 * @param out carries messages and nothing else
 * @param whenOver run once, when the client is gone
 */
public record StdioConnection(InputStream in, OutputStream out, Runnable whenOver) {}

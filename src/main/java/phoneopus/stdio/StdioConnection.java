package phoneopus.stdio;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The connection to a stdio server's only client.
 *
 * @param out only for messages
 * @param whenOver runs once when the client is gone
 */
public record StdioConnection(InputStream in, OutputStream out, Runnable whenOver) {}

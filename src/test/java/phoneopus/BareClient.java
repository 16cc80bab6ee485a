package phoneopus;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A connection of a client that writes HTTP by hand, so that it can vanish in ways no library
 * allows.
 */
final class BareClient {

    static final String INITIALIZE =
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
            "capabilities":{},"clientInfo":{"name":"bare","version":"1"}}}\
            """;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)");
    private static final Pattern SESSION = Pattern.compile("(?i)\r\nmcp-session-id: (\\S+)");

    private final Socket socket;

    private BareClient(Socket socket) {
        this.socket = socket;
    }

    static BareClient connect(HttpServer server) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.at("/").getPort());
        // JUnit's timeouts cannot interrupt a read.
        socket.setSoTimeout((int) Surroundings.A_WHILE.toMillis());
        return new BareClient(socket);
    }

    /** A connection that reads so little at a time that the server soon has to wait for it. */
    static BareClient connectSlow(HttpServer server) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.at("/").getPort()));
        return new BareClient(socket);
    }

    /** Initializes over Streamable HTTP and opens the stream for messages from the server. */
    void listen() throws IOException {
        var session = initialize();
        send("GET /mcp", "Accept: text/event-stream\r\nMcp-Session-Id: " + session, "");
        readUntil("\r\n\r\n");
    }

    /** Initializes over Streamable HTTP and makes a call without waiting for its answer. */
    void call(String body) throws IOException {
        var session = initialize();
        send("POST /mcp", "Content-Type: application/json\r\nMcp-Session-Id: " + session, body);
        readUntil("\r\n\r\n");
    }

    /** Opens a stream of the older transport; returns the address to post to. */
    String connectSse() throws IOException {
        send("GET /sse", "Accept: text/event-stream", "");
        readUntil("/mcp/message?");
        return "/mcp/message?" + readUntil("\n").strip();
    }

    /** Makes a call over the older transport; returns the address to post to. */
    String callSse(HttpServer server, String body) throws IOException {
        var address = connectSse();
        post(server, address, INITIALIZE);
        readUntil("\n\n");
        post(server, address, body);
        return address;
    }

    private static void post(HttpServer server, String address, String body) {
        server.send(
                HttpRequest.newBuilder(server.at(address))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    /** Waits for the next heartbeat on an open stream. */
    void awaitBeat() throws IOException {
        readUntil(":\n\n");
    }

    /** Vanishes like a program that was killed or a machine that was switched off. */
    void vanish(boolean reset) throws IOException {
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private String initialize() throws IOException {
        send("POST /mcp", "Content-Type: application/json", INITIALIZE);
        var head = readUntil("\r\n\r\n");
        var length = LENGTH.matcher(head);
        var session = SESSION.matcher(head);
        if (!length.find() || !session.find()) {
            throw new IOException("initialize was answered " + head);
        }
        socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
        return session.group(1);
    }

    private void send(String line, String headers, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(
                        "%s HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(line, headers, bytes.length, body)
                                .getBytes(StandardCharsets.UTF_8));
    }

    String readUntil(String end) throws IOException {
        var read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(end) < 0) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("the server hung up after " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }
}

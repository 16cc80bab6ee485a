package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

class StreamableTransportIT extends AnyTransport {

    @Override
    Connection connect(
            Path desk, Map<String, String> environment, UnaryOperator<McpClient.SyncSpec> more) {
        var server = HttpServer.start(desk, environment);
        return new Connection(server, server.streamable(more));
    }

    @Override
    String transport() {
        return "http";
    }
}

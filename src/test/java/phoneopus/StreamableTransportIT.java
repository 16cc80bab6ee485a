package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import java.io.IOException;
import java.util.function.UnaryOperator;

class StreamableTransportIT extends AnyHttpTransport {

    @Override
    TestClient connect(HttpServer server, UnaryOperator<McpClient.SyncSpec> more) {
        return server.streamable(more);
    }

    @Override
    void listen(BareClient client) throws IOException {
        client.listen();
        client.awaitBeat();
    }
}

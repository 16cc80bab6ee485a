package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import java.io.IOException;
import java.util.function.UnaryOperator;

class SseTransportIT extends AnyHttpTransport {

    @Override
    TestClient connect(HttpServer server, UnaryOperator<McpClient.SyncSpec> more) {
        return server.sse(more);
    }

    @Override
    void listen(BareClient client) throws IOException {
        client.connectSse();
    }
}

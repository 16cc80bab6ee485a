package phoneopus;

import io.modelcontextprotocol.client.McpClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

class StdioTransportIT extends AnyTransport {

    @Override
    Connection connect(
            Path desk, Map<String, String> environment, UnaryOperator<McpClient.SyncSpec> more) {
        var server = PackagedServer.start(desk, environment, more);
        return new Connection(server, server.client());
    }

    @Override
    String transport() {
        return "stdio";
    }
}

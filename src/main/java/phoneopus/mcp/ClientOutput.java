package phoneopus.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages to one client, each whole, whoever sends it. */
final class ClientOutput {
    private static final Logger log = LoggerFactory.getLogger(ClientOutput.class);

    private final McpJsonMapper json;
    private final Carrier carrier;
    private final Runnable whenBroken;

    /** Brings one message to the client. */
    @FunctionalInterface
    interface Carrier {
        void carry(String message) throws IOException;
    }

    ClientOutput(McpJsonMapper json, Carrier carrier, Runnable whenBroken) {
        this.json = json;
        this.carrier = carrier;
        this.whenBroken = whenBroken;
    }

    /** Whether the client took it. */
    boolean write(JSONRPCMessage message) {
        try {
            return write(json.writeValueAsString(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with an error what the library never gets to see. */
    void refuse(Incoming.Bad bad) {
        write(bad.answer());
    }

    private boolean write(String text) {
        try {
            synchronized (this) {
                carrier.carry(text);
            }
            return true;
        } catch (IOException e) {
            log.info("the client takes no more output: {}", e.getMessage());
            whenBroken.run();
            return false;
        }
    }
}

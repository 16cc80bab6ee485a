package phoneopus.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages to one client, each whole, whoever sends it. */
public final class ClientOutput {
    private static final Logger log = LoggerFactory.getLogger(ClientOutput.class);

    /** Of a message: its text, its bytes, and what it was made of. */
    private static final int COPIES = 4;

    /** Characters that every message may have, however much waits for readers that are slow. */
    private static final int SMALL = 256 * 1024;

    private final McpJsonMapper json;
    private final Carrier carrier;
    private final Runnable whenBroken;
    private final MemoryBudget.Share share;

    /** Brings one message to the client. */
    @FunctionalInterface
    public interface Carrier {
        void carry(String message) throws IOException;
    }

    public ClientOutput(
            McpJsonMapper json, Carrier carrier, Runnable whenBroken, MemoryBudget.Share share) {
        this.json = json;
        this.carrier = carrier;
        this.whenBroken = whenBroken;
        this.share = share;
    }

    /** Whether the client took it. */
    public boolean write(JSONRPCMessage message) {
        // Not each its own text while another is on its way to a slow reader.
        synchronized (this) {
            String text = text(message);
            long memory = text.length() <= SMALL ? 0 : COPIES * (long) text.length();
            if (memory > 0 && !share.take(memory)) {
                if (message instanceof JSONRPCResponse response) {
                    refuse(JsonRpcMessage.Bad.tooMuch(response.id()));
                }
                return false;
            }
            try {
                return write(text);
            } finally {
                share.give(memory);
            }
        }
    }

    private String text(JSONRPCMessage message) {
        try {
            return json.writeValueAsString(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with an error what the library never gets to see. */
    void refuse(JsonRpcMessage.Bad bad) {
        write(bad.answer());
    }

    private boolean write(String text) {
        try {
            synchronized (this) {
                carrier.carry(text);
            }
            return true;
        } catch (IOException e) {
            log.info("the client reads no more output: {}", e.getMessage());
            whenBroken.run();
            return false;
        }
    }
}

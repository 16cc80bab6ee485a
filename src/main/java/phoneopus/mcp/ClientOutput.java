package phoneopus.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes messages to one client, one at a time, from any thread. */
public final class ClientOutput {
    private static final Logger log = LoggerFactory.getLogger(ClientOutput.class);

    /** Bytes of memory per character of a message: for its text, its bytes and its objects. */
    private static final int COPIES = 4;

    /**
     * Messages up to this many characters are sent even if slow readers use up the memory budget.
     */
    private static final int SMALL = 256 * 1024;

    private final McpJsonMapper json;
    private final Carrier carrier;
    private final Runnable whenBroken;
    private final MemoryBudget.Share share;

    /** Sends a message to the client. */
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

    /** Writes the message; returns whether it was written. */
    public boolean write(JSONRPCMessage message) {
        // Serialize only one message at a time: otherwise texts pile up behind a slow reader.
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

    /** Answers a message with an error without passing it to the library. */
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
            log.info("the client no longer reads output: {}", e.getMessage());
            whenBroken.run();
            return false;
        }
    }
}

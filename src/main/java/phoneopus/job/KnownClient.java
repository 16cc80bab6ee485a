package phoneopus.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A known client product and its behaviour, see docs/clients.md. */
public enum KnownClient {
    CODEX("codex-mcp-client", Duration.ofMinutes(4), true),
    CLAUDE_CODE("claude-code", Duration.ofSeconds(50), true),
    CURSOR("cursor-vscode", Duration.ofSeconds(50), false),
    VSCODE("Visual Studio Code", Duration.ofMinutes(4), true),
    GEMINI_CLI("gemini-cli-mcp-client", Duration.ofMinutes(9), false),
    CLAUDE_DESKTOP("claude-ai", Duration.ofSeconds(50), false);

    private final String handshakeName;
    private final Duration patience;
    private final boolean showsStructure;

    KnownClient(String handshakeName, Duration patience, boolean showsStructure) {
        this.handshakeName = handshakeName;
        this.patience = patience;
        this.showsStructure = showsStructure;
    }

    /** The client with that handshake name; empty if none is known. */
    public static Optional<KnownClient> named(@Nullable String handshakeName) {
        return Arrays.stream(values())
                .filter(client -> client.handshakeName.equals(handshakeName))
                .findFirst();
    }

    /** The name it gives in the handshake. */
    public String handshakeName() {
        return handshakeName;
    }

    /** How long its calls wait for an answer: less than its own known limit. */
    public Duration patience() {
        return patience;
    }

    /**
     * Whether it passes structured results to its model, which would pay twice for the same text.
     */
    public boolean showsStructure() {
        return showsStructure;
    }
}

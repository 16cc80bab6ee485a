package phoneopus.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A product that connects to us and is known to behave so, docs/clients.md. */
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

    /** The one that calls itself so; empty where none does. */
    public static Optional<KnownClient> named(@Nullable String handshakeName) {
        return Arrays.stream(values())
                .filter(client -> client.handshakeName.equals(handshakeName))
                .findFirst();
    }

    /** What it calls itself at the handshake. */
    public String handshakeName() {
        return handshakeName;
    }

    /** How long a call of its waits for an answer: less than it is known to wait itself. */
    Duration patience() {
        return patience;
    }

    /**
     * Whether it hands a structured result to its model: the same as text would be paid for twice.
     */
    public boolean showsStructure() {
        return showsStructure;
    }
}

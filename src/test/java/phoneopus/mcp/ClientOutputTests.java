package phoneopus.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class ClientOutputTests {

    /** Room for one long answer at a time. */
    private final MemoryBudget.Share share = new MemoryBudget(2_000_000).of(Caller.UNNAMED);

    private final JSONRPCResponse longAnswer =
            JSONRPCResponse.result(1L, Map.of("text", "x".repeat(300_000)));

    @Test
    void longAnswersOneAfterTheOtherAllGetThere() {
        var sent = new ArrayList<String>();
        var output = output(sent::add);

        var taken = IntStream.range(0, 5).mapToObj(_ -> output.write(longAnswer)).toList();

        assertThat(taken).containsOnly(true);
        assertThat(sent).hasSize(5).allSatisfy(text -> assertThat(text).contains("xxx"));
    }

    @Test
    void aLongAnswerThatNobodyTookLeavesRoomForTheNextClients() {
        var sent = new ArrayList<String>();
        var gone =
                output(_ -> {
                    throw new IOException("gone");
                });

        var lost = gone.write(longAnswer);
        var taken = output(sent::add).write(longAnswer);

        assertThat(lost).isFalse();
        assertThat(taken).isTrue();
        assertThat(sent).singleElement().asString().contains("xxx");
    }

    private ClientOutput output(ClientOutput.Carrier carrier) {
        return new ClientOutput(
                new JacksonMcpJsonMapper(JsonMapper.shared()), carrier, () -> {}, share);
    }
}

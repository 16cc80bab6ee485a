package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolConfigurationTests {

    @Test
    void aConsultThatOnlyReadsIsLeftAsItIs() {
        var tool = tool("consult");

        var hinted = described(tool, "Bash", "Read", "WebFetch");

        assertThat(hinted).usingRecursiveComparison().ignoringFields("meta").isEqualTo(tool);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Edit", "Write", "NotebookEdit", "MultiEdit", "Edit(src/**)"})
    void aConsultThatMayEditSaysSoAndIsOtherwiseTheSame(String editing) {
        var tool = tool("consult");

        var hinted = described(tool, "Read", editing);

        assertThat(hinted.annotations().readOnlyHint()).isFalse();
        assertThat(hinted.annotations().destructiveHint()).isTrue();
        assertThat(hinted.annotations().openWorldHint()).isTrue();
        assertThat(hinted.title()).isEqualTo(tool.title());
        assertThat(hinted.description()).isEqualTo(ConsultTool.EDITING);
        assertThat(hinted.inputSchema()).isEqualTo(tool.inputSchema());
    }

    @Test
    void anotherToolStaysReadOnlyWhateverClaudeMayDo() {
        var tool = tool("consult_job");

        var hinted = described(tool, "Edit");

        assertThat(hinted).usingRecursiveComparison().ignoringFields("meta").isEqualTo(tool);
    }

    private static Tool described(Tool tool, String... tools) {
        return ToolConfiguration.described(tool, Samples.claude(tools).readOnly());
    }

    private static Tool tool(String name) {
        return Tool.builder(name, Map.of("type", "object"))
                .title("Consult")
                .description("Asks, and edits nothing. Good.")
                .annotations(ToolAnnotations.builder().readOnlyHint(true).build())
                .build();
    }
}

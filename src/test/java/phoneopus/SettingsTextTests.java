package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTextTests {

    @TempDir Path folder;

    @Test
    void theSettingsOfTheInstallationLeaveEverythingAsItWasBuilt() {
        var settings = of(Path.of("config"), Map.of());

        assertThat(settings.leavesHandshake()).isTrue();
        assertThat(settings.leavesTools()).isTrue();
    }

    @Test
    void noSettingsLeaveEverythingAsItWasBuilt() {
        var settings = of(folder.resolve("missing"), Map.of("PATH", "/Edit", "HOME", "${x}"));

        assertThat(settings.leavesHandshake()).isTrue();
        assertThat(settings.leavesTools()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--phone-opus.claude.tools=Read,Edit",
                "--phone-opus.claude.tools[0]=Write(src/*)",
                "--phone-opus.claude.tools=NotebookEdit",
                "--phone-opus.claude.tools=MultiEdit",
                "--phone-opus.claude.models=opus",
                "--phone-opus.claude.tools=${MINE}"
            })
    void anArgumentMayChangeTheTools(String argument) {
        var settings =
                SettingsText.of(new String[] {argument}, Map.of(), new Properties(), List.of());

        assertThat(settings.leavesHandshake()).isTrue();
        assertThat(settings.leavesTools()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PHONE_OPUS_CLAUDE_TOOLS, 'Read,Edit'",
        "PHONEOPUS_CLAUDE_TOOLS_0_, Edit",
        "phone-opus.claude.tools, Write",
        "PHONE_OPUS_CLAUDE_MODELS_0, opus",
        "PHONE_OPUS_CLAUDE_TOOLS, ${OTHER}"
    })
    void aVariableMayChangeTheTools(String name, String value) {
        var settings = of(folder, Map.of(name, value));

        assertThat(settings.leavesHandshake()).isTrue();
        assertThat(settings.leavesTools()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phone-opus: {claude: {tools: [Edit]}}",
                "phone-opus: {claude: {models: [opus]}}",
                "phone-opus: {claude: {tools: [\"\\x45dit\"]}}",
                "phone-opus.claude.tools=${TOOLS}"
            })
    void aFileMayChangeTheTools(String text) throws IOException {
        Files.writeString(folder.resolve("application-stdio.yaml"), text);

        var settings = of(folder, Map.of());

        assertThat(settings.leavesHandshake()).isTrue();
        assertThat(settings.leavesTools()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--phone-opus.consult.prefix=Edit nothing, ${you}",
                "--phone-opus.claude.model=Write",
                "--phone-opus.claude.tools=Read,TodoWrite"
            })
    void anArgumentThatNamesNoEditingToolLeavesThem(String argument) {
        var settings =
                SettingsText.of(new String[] {argument}, Map.of(), new Properties(), List.of());

        assertThat(settings.leavesTools()).isTrue();
    }

    @Test
    void aVariableOfAnotherSettingLeavesThem() {
        var settings = of(folder, Map.of("PHONE_OPUS_CONSULT_PREFIX", "Write no ${code}\\"));

        assertThat(settings.leavesTools()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phone-opus: {consult: {prefix: 'Edit nothing, ${you}'}}",
                "phone-opus:\n  claude:\n    # tools: [Edit]\n    model: opus",
                "phone-opus: {claude: {tools: [Read, TodoWrite]}}"
            })
    void aFileThatNamesNoEditingToolLeavesThem(String text) throws IOException {
        Files.writeString(folder.resolve("application.yaml"), text);

        assertThat(of(folder, Map.of()).leavesTools()).isTrue();
    }

    @Test
    void aFileInAnotherEncodingMayChangeTheTools() throws IOException {
        Files.writeString(
                folder.resolve("application.yaml"),
                "phone-opus: {claude: {tools: [Edit]}}",
                StandardCharsets.UTF_16);

        assertThat(of(folder, Map.of()).leavesTools()).isFalse();
    }

    @Test
    void aFileOfAnotherNameIsNoSettingsFile() throws IOException {
        Files.writeString(folder.resolve("notes.yaml"), "spring: Edit");

        assertThat(of(folder, Map.of()).leavesTools()).isTrue();
    }

    @Test
    void theFrameworksSettingsMayChangeEverything() throws IOException {
        var argument =
                SettingsText.of(
                        new String[] {"--spring.ai.mcp.server.name=x"},
                        Map.of(),
                        new Properties(),
                        List.of());
        var system = new Properties();
        system.setProperty("spring.ai.mcp.server.instructions", "x");
        var property = SettingsText.of(new String[0], Map.of(), system, List.of());
        Files.writeString(folder.resolve("application.properties"), "Spring.profiles.active=x");
        var file = of(folder, Map.of());

        assertThat(List.of(argument, property, file))
                .noneMatch(SettingsText::leavesHandshake)
                .noneMatch(SettingsText::leavesTools);
    }

    @Test
    void aVariableOfTheFrameworkIsNotReadAndChangesNothing() {
        var variable = of(folder, Map.of("SPRING_APPLICATION_JSON", "{}"));

        assertThat(variable.leavesTools()).isTrue();
    }

    @Test
    void thatClassesWereProcessedAtBuildTimeChangesNothing() {
        var system = new Properties();
        system.setProperty("spring.aot.enabled", "true");
        system.setProperty("phone-opus.home", "/opt/phone-opus");

        var settings = SettingsText.of(new String[0], Map.of(), system, List.of());

        assertThat(settings.leavesTools()).isTrue();
    }

    private static SettingsText of(Path folder, Map<String, String> environment) {
        return SettingsText.of(new String[0], environment, new Properties(), List.of(folder));
    }
}

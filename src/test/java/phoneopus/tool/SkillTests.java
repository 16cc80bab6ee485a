package phoneopus.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The skill speaks of the tools as they are. */
class SkillTests {

    private static final Pattern IN_CODE = Pattern.compile("`([a-z_]+)`");

    final JsonNode tools =
            JsonMapper.shared()
                    .readTree(Path.of("src/main/resources/tools.approved.json"))
                    .path("tools");

    @Test
    void itsFrontMatterIsWhatAgentsLookFor() throws IOException {
        Map<String, String> frontMatter = new Yaml().load(parts()[1]);

        assertThat(frontMatter).containsOnlyKeys("name", "description");
        assertThat(frontMatter.get("name")).matches("[a-z0-9-]{1,64}").isEqualTo("phone-opus");
        assertThat(frontMatter.get("description")).isNotBlank().hasSizeLessThanOrEqualTo(1024);
    }

    @Test
    void everyToolAndArgumentThatItNamesExists() throws IOException {
        var named = IN_CODE.matcher(parts()[2]).results().map(found -> found.group(1)).distinct();

        assertThat(named).isNotEmpty().isSubsetOf(namesThatExist());
    }

    @Test
    void itNamesWhatAnAgentNeedsToWaitAndToGoOn() throws IOException {
        assertThat(parts()[2])
                .contains("`consult`", "`consult_wait`", "`session_id`", "Do not resubmit")
                .contains("do not paste");
    }

    private Iterable<String> namesThatExist() {
        return tools.values().stream()
                .flatMap(tool ->
                        Stream.concat(
                                Stream.of(tool.path("name").stringValue()),
                                tool
                                        .path("inputSchema")
                                        .path("properties")
                                        .propertyNames()
                                        .stream()))
                .collect(Collectors.toSet());
    }

    private static String[] parts() throws IOException {
        return Files.readString(Path.of("config/skill/SKILL.md")).split("(?m)^---$", 3);
    }
}

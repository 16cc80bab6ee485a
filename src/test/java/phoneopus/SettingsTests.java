package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.unit.DataSize;
import phoneopus.claude.Effort;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks that the code, config/application.yaml and docs/configuration.md have the same settings.
 */
class SettingsTests {

    private static final Path FILE = Path.of("config", "application.yaml");
    private static final Path DOCUMENT = Path.of("docs", "configuration.md");
    private static final Path METADATA =
            Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");

    /** A value of each setting other than its default, and its converted form. */
    private static final Map<String, Map.Entry<String, Object>> OTHER_VALUES =
            Map.ofEntries(
                    other("phone-opus.state-dir", "/some/where", Path.of("/some/where")),
                    other("phone-opus.claude.binary", "/opt/claude", "/opt/claude"),
                    other("phone-opus.claude.model", "claude-opus-4-1[1m]", "claude-opus-4-1[1m]"),
                    other("phone-opus.claude.models", "opus,haiku", List.of("opus", "haiku")),
                    other("phone-opus.claude.effort", "xhigh", Effort.XHIGH),
                    other("phone-opus.claude.tools", "Read,Grep", List.of("Read", "Grep")),
                    other("phone-opus.claude.permission-mode", "plan", "plan"),
                    other("phone-opus.claude.restricted", "true", true),
                    other("phone-opus.claude.environment", "A,B=c", List.of("A", "B=c")),
                    other("phone-opus.claude.extra-arguments", "--a,b", List.of("--a", "b")),
                    other("phone-opus.consult.prefix", "Be short.", "Be short."),
                    other("phone-opus.consult.patience", "0s", Duration.ZERO),
                    other(
                            "phone-opus.consult.patience-by-client",
                            "90s",
                            Map.of("mine", Duration.ofSeconds(90))),
                    other("phone-opus.consult.timeout", "90s", Duration.ofSeconds(90)),
                    other("phone-opus.consult.stall-timeout", "2m", Duration.ofMinutes(2)),
                    other("phone-opus.consult.result-grace", "9s", Duration.ofSeconds(9)),
                    other("phone-opus.consult.max-concurrent", "7", 7),
                    other("phone-opus.consult.queue-capacity", "0", 0),
                    other("phone-opus.consult.max-prompt-size", "64KB", DataSize.ofKilobytes(64)),
                    other("phone-opus.consult.max-response-chars", "2000", 2000),
                    other(
                            "phone-opus.consult.allowed-roots",
                            "/a,/b c",
                            List.of(Path.of("/a"), Path.of("/b c"))),
                    other("phone-opus.http.address", "0.0.0.0", "0.0.0.0"),
                    other("phone-opus.http.port", "0", 0),
                    other(
                            "phone-opus.http.allowed-origins",
                            "https://a.example",
                            List.of("https://a.example")),
                    other("phone-opus.http.allowed-hosts", "a.example:*", List.of("a.example:*")),
                    other("phone-opus.http.max-body", "64KB", DataSize.ofKilobytes(64)),
                    other("phone-opus.http.session-idle", "90s", Duration.ofSeconds(90)),
                    other("phone-opus.http.max-sessions", "7", 7),
                    other("phone-opus.http.keys-file", "/some/keys", Path.of("/some/keys")),
                    other("phone-opus.http.i-trust-callers", "true", true),
                    other("phone-opus.http.max-concurrent-per-key", "7", 7),
                    other("phone-opus.stdio.idle", "90m", Duration.ofMinutes(90)),
                    other("phone-opus.jobs.keep", "7d", Duration.ofDays(7)),
                    other("phone-opus.jobs.keep-at-least", "0", 0));

    /**
     * A setting defined in the code.
     *
     * @param owner the record it is bound to
     */
    private record Setting(String name, Class<?> owner) {
        String group() {
            return name.substring(0, name.lastIndexOf('.'));
        }

        String key() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /** Spring cannot read a map from a variable with such a name. */
        String variable() {
            return isMap()
                    ? "none"
                    : name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        }

        Object boundFrom(PropertySource<?> source) {
            return valueIn(bind(source, group(), owner));
        }

        Object defaultValue() {
            return valueIn(bind(nothing(), group(), owner));
        }

        boolean hasDefault() {
            return defaultValue() != null && !defaultValue().equals(Map.of());
        }

        /** For a map, the name of one entry. */
        String nameOfAValue() {
            return isMap() ? name + ".mine" : name;
        }

        boolean isMap() {
            return defaultValue() instanceof Map;
        }

        private Object valueIn(Object bound) {
            var component =
                    Arrays.stream(owner.getRecordComponents())
                            .filter(one -> kebab(one.getName()).equals(key()))
                            .findFirst()
                            .orElseThrow();
            try {
                component.getAccessor().setAccessible(true);
                return component.getAccessor().invoke(bound);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Row(String setting, String variable, String type, String standard) {}

    private static Stream<Setting> settings() {
        var settings = new ArrayList<Setting>();
        for (var property :
                JsonMapper.shared().readTree(METADATA.toFile()).path("properties").values()) {
            try {
                var owner = Class.forName(property.path("sourceType").stringValue());
                settings.add(new Setting(property.path("name").stringValue(), owner));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        return settings.stream();
    }

    private static Stream<Setting> settingsWithAVariable() {
        return settings().filter(setting -> !setting.isMap());
    }

    /** Settings that are not set need not be read, converted and validated at every start. */
    @Test
    void theFileSetsNothing() throws IOException {
        assertThat(new YamlPropertySourceLoader().load("file", new FileSystemResource(FILE)))
                .isEmpty();
    }

    @Test
    void theFileNamesEverySettingThatHasADefaultAndNoOther() throws IOException {
        var withDefault = settings().filter(Setting::hasDefault).map(Setting::name).toList();

        var names =
                Arrays.stream(((EnumerablePropertySource<?>) file()).getPropertyNames())
                        .map(name -> name.replaceFirst("\\[\\d+]$", ""))
                        .distinct();

        assertThat(names).containsExactlyInAnyOrderElementsOf(withDefault);
    }

    @Test
    void theFileShowsASettingWithNoDefaultInAComment() throws IOException {
        var without = settings().filter(setting -> !setting.hasDefault()).map(Setting::key);

        var comments =
                Pattern.compile("(?m)^ *# ([a-z-]+): \\S.*$")
                        .matcher(uncommented())
                        .results()
                        .map(comment -> comment.group(1));

        assertThat(comments).containsExactlyInAnyOrderElementsOf(without.toList());
    }

    @Test
    void theFileSaysOfEachSettingInOneLineWhatItIs() throws IOException {
        var lines = uncommented().lines().toList();

        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).matches(" +(# )?[a-z-]+: \\S.*")) {
                assertThat(lines.get(i - 1)).as("before " + lines.get(i)).matches(" +# [A-Za-z].*");
                assertThat(lines.get(i - 2)).as("before " + lines.get(i)).doesNotContain("#");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theFileHoldsTheDefault(Setting setting) throws IOException {
        assertThat(setting.boundFrom(file())).isEqualTo(setting.defaultValue());
    }

    @Test
    void thePageNamesEverySettingAndNoOther() throws IOException {
        var names = settings().map(Setting::name).toList();

        assertThat(rows()).extracting(Row::setting).containsExactlyInAnyOrderElementsOf(names);
        assertThat(namedIn(Files.readString(DOCUMENT), "phone-opus\\.[a-z][a-z.-]*[a-z]"))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void thePageNamesEveryVariableAndNoOther() throws IOException {
        var variables = settingsWithAVariable().map(Setting::variable).toList();

        assertThat(namedIn(Files.readString(DOCUMENT), "PHONE_OPUS_[A-Z_]+"))
                .containsExactlyInAnyOrderElementsOf(variables);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void thePageHasItsVariableAndDefault(Setting setting) throws IOException {
        var row =
                rows().stream()
                        .filter(one -> one.setting().equals(setting.name()))
                        .findFirst()
                        .orElseThrow();

        assertThat(row.variable()).isEqualTo(setting.variable());
        assertThat(row.type()).isNotBlank();
        switch (row.standard()) {
            case "none" -> assertThat(setting.defaultValue()).isIn(null, List.of(), Map.of());
            case "built in" -> assertThat(setting.name()).isEqualTo("phone-opus.consult.prefix");
            default ->
                    assertThat(setting.boundFrom(only(setting.name(), row.standard())))
                            .isEqualTo(setting.defaultValue());
        }
    }

    @Test
    void everySettingIsTriedWithAnotherValue() {
        assertThat(OTHER_VALUES)
                .containsOnlyKeys(settings().map(Setting::name).toArray(String[]::new));
        assertThat(settings())
                .noneMatch(setting ->
                        OTHER_VALUES.get(setting.name()).getValue().equals(setting.defaultValue()));
    }

    @ParameterizedTest
    @MethodSource("settingsWithAVariable")
    void itCanBeGivenByItsVariable(Setting setting) {
        var given = OTHER_VALUES.get(setting.name());
        var environment =
                new SystemEnvironmentPropertySource(
                        "systemEnvironment", Map.of(setting.variable(), given.getKey()));

        var bound = setting.boundFrom(environment);

        assertThat(bound).isEqualTo(given.getValue());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void itCanBeGivenOnTheCommandLine(Setting setting) {
        var given = OTHER_VALUES.get(setting.name());
        var commandLine =
                new SimpleCommandLinePropertySource(
                        "--" + setting.nameOfAValue() + "=" + given.getKey());

        var bound = setting.boundFrom(commandLine);

        assertThat(bound).isEqualTo(given.getValue());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void itCanBeGivenInAFile(Setting setting) {
        var given = OTHER_VALUES.get(setting.name());

        var bound = setting.boundFrom(only(setting.nameOfAValue(), given.getKey()));

        assertThat(bound).isEqualTo(given.getValue());
    }

    private static Map.Entry<String, Map.Entry<String, Object>> other(
            String name, String text, Object value) {
        return Map.entry(name, Map.entry(text, value));
    }

    private static Object bind(PropertySource<?> source, String group, Class<?> owner) {
        return new Binder(ConfigurationPropertySources.from(source)).bindOrCreate(group, owner);
    }

    private static PropertySource<?> file() throws IOException {
        return new YamlPropertySourceLoader()
                .load("file", new ByteArrayResource(uncommented().getBytes(StandardCharsets.UTF_8)))
                .getFirst();
    }

    /** The file after a user removed the # before every setting. */
    private static String uncommented() throws IOException {
        return Files.readString(FILE).replaceAll("(?m)^#(?! \\S)", "");
    }

    private static PropertySource<?> only(String name, String value) {
        return new MapPropertySource("only", new HashMap<>(Map.of(name, value)));
    }

    private static PropertySource<?> nothing() {
        return new MapPropertySource("nothing", Map.of());
    }

    private static List<Row> rows() throws IOException {
        try (var lines = Files.lines(DOCUMENT)) {
            return lines.filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(2).replace("`", "").split(" \\| "))
                    .map(cells -> new Row(cells[0], cells[1], cells[2], cells[3]))
                    .toList();
        }
    }

    private static List<String> namedIn(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group())
                .distinct()
                .collect(Collectors.toList());
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}

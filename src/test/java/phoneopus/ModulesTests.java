package phoneopus;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import phoneopus.files.DurableFiles;
import phoneopus.run.EventTail;
import phoneopus.run.RunDirectory;

class ModulesTests {

    private static final int LONGEST_CLASS = 250;
    private static final int MOST_COLLABORATORS = 6;
    private static final int LARGEST_PACKAGE = 25;
    private static final int DEEPEST_PACKAGE = 8;

    /** The calls that may or could write outside {@link DurableFiles}, and the reason. */
    private static final Map<String, String> NOT_KEPT =
            Map.ofEntries(
                    entry("phoneopus.cli.ManPages: Files.createDirectories", "the build's"),
                    entry("phoneopus.cli.ManPages: Files.writeString", "the build's"),
                    entry("phoneopus.files.RegularFiles: FileChannel.open", "reads"),
                    entry(
                            "phoneopus.setup.ConfigurationFile: FileChannel.open",
                            "a client's own file"),
                    entry("phoneopus.setup.ConfigurationFile: Files.move", "a client's own file"),
                    entry(
                            "phoneopus.setup.ConfigurationFile: Files.createDirectories",
                            "a client's own file"),
                    entry("phoneopus.setup.ConfigurationFile: Files.delete", "a client's own file"),
                    entry(
                            "phoneopus.setup.ConfigurationFile: Files.deleteIfExists",
                            "a client's own file"));

    final JavaClasses code =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("phoneopus");

    @Test
    void noPackageUsesWhatItsPackageInfoDoesNotAllow() {
        var modules = ApplicationModules.of(PhoneOpusApplication.class);

        modules.verify();

        assertThat(modules.stream().map(module -> module.getIdentifier().toString()))
                .containsExactlyInAnyOrder(
                        "time",
                        "files",
                        "run",
                        "claude",
                        "spool",
                        "index",
                        "original",
                        "job",
                        "mcp",
                        "stdio",
                        "http",
                        "tool",
                        "setup",
                        "cli");
    }

    @Test
    void noNameSaysNothing() {
        noClasses().should().haveNameMatching(".*(Impl|Util|Utils|Helper|Manager)").check(code);
    }

    @Test
    void noConstructorTakesMoreThanFiveCollaborators() {
        classes().that().areNotRecords().should(haveSmallConstructors()).check(code);
    }

    @Test
    void whatIsKeptIsWrittenByOneClass() {
        var writes =
                code.stream()
                        .flatMap(type -> type.getCodeUnitAccessesFromSelf().stream())
                        .filter(FileWrites::writes)
                        .filter(access ->
                                !topLevel(access.getOriginOwner())
                                        .equals(DurableFiles.class.getName()))
                        .map(access ->
                                "%s: %s.%s"
                                        .formatted(
                                                topLevel(access.getOriginOwner()),
                                                access.getTargetOwner().getSimpleName(),
                                                access.getName()))
                        .distinct();

        assertThat(writes).containsExactlyInAnyOrderElementsOf(NOT_KEPT.keySet());
    }

    /** Other code could follow a link or block forever on a pipe. */
    @Test
    void whatIsKeptIsReadByOneClass() {
        noClasses()
                .that()
                .resideInAnyPackage("phoneopus.spool", "phoneopus.job", "phoneopus.index")
                .or()
                .belongToAnyOf(RunDirectory.class, EventTail.class)
                .should()
                .callMethodWhere(
                        target(owner(type(Files.class)))
                                .and(
                                        target(
                                                nameMatching(
                                                        "read(AllBytes|String|AllLines)|new(InputStream|BufferedReader)|lines|size|isRegularFile"))))
                .check(code);
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceFirst("[$].*", "");
    }

    @Test
    void noClassIsTooLong() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            var tooLong =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> lines(file) > LONGEST_CLASS);

            assertThat(tooLong).isEmpty();
        }
    }

    @Test
    void noPackageIsTooLarge() {
        assertThat(packages().values())
                .allSatisfy(types -> assertThat(types).hasSizeLessThanOrEqualTo(LARGEST_PACKAGE));
    }

    @Test
    void noPackageIsTooDeep() {
        assertThat(packages())
                .allSatisfy((name, types) ->
                        assertThat(types)
                                .as(name)
                                .allSatisfy(type ->
                                        assertThat(depth(type, types, new HashSet<>()))
                                                .as(type)
                                                .isLessThanOrEqualTo(DEEPEST_PACKAGE)));
    }

    /** Top-level types by package, excluding generated ones. */
    private Map<String, Set<String>> packages() {
        return code.stream()
                .map(ModulesTests::topLevel)
                .filter(type -> !type.endsWith("package-info") && Files.exists(source(type)))
                .collect(
                        groupingBy(
                                type -> type.substring(0, type.lastIndexOf('.')),
                                TreeMap::new,
                                toCollection(TreeSet::new)));
    }

    private static Path source(String type) {
        return Path.of("src/main/java", type.replace('.', '/') + ".java");
    }

    /** The longest chain of uses within the package; each type counts once. */
    private int depth(String type, Set<String> among, Set<String> above) {
        above.add(type);
        int below =
                code.stream()
                        .filter(part -> topLevel(part).equals(type))
                        .flatMap(part -> part.getDirectDependenciesFromSelf().stream())
                        .map(use -> topLevel(use.getTargetClass()))
                        .filter(among::contains)
                        .filter(used -> !above.contains(used))
                        .distinct()
                        .mapToInt(used -> depth(used, among, above))
                        .max()
                        .orElse(0);
        above.remove(type);
        return below + 1;
    }

    private static long lines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.startsWith("import ")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArchCondition<JavaClass> haveSmallConstructors() {
        return new ArchCondition<>("have at most six constructor parameters") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getConstructors().stream()
                        .filter(constructor ->
                                constructor.getRawParameterTypes().size() > MOST_COLLABORATORS)
                        .forEach(constructor ->
                                events.add(
                                        SimpleConditionEvent.violated(
                                                type, constructor.getDescription())));
            }
        };
    }
}

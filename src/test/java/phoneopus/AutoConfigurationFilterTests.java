package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.mock.env.MockEnvironment;

class AutoConfigurationFilterTests {

    private static final List<String> UNUSED =
            List.of(
                    "AopAutoConfiguration",
                    "JdbcClientAutoConfiguration",
                    "McpServerAnnotationScannerAutoConfiguration",
                    "McpServerSpecificationFactoryAutoConfiguration",
                    "PersistenceExceptionTranslationAutoConfiguration",
                    "ToolCallbackConverterAutoConfiguration",
                    "TransactionAutoConfiguration");

    private static final List<String> ONLY_OVER_HTTP =
            List.of(
                    "ApplicationAvailabilityAutoConfiguration",
                    "HttpMessageConvertersAutoConfiguration",
                    "JacksonAutoConfiguration",
                    "ProjectInfoAutoConfiguration",
                    "PropertyPlaceholderAutoConfiguration",
                    "SslAutoConfiguration",
                    "TaskExecutionAutoConfiguration",
                    "ValidationAutoConfiguration");

    @Test
    void overHttpOnlyWhatNothingUsesIsLeftOut() {
        assertThat(leftOut("servlet"))
                .extracting(AutoConfigurationFilterTests::type)
                .containsExactlyInAnyOrderElementsOf(UNUSED);
    }

    @Test
    void elsewhereSoIsWhateverWatchesOverAServer() {
        var watches =
                everyAutoConfiguration()
                        .filter(name ->
                                name.matches(
                                        ".*\\.(actuate|health|metrics|observation|security)\\..*"))
                        .map(AutoConfigurationFilterTests::type)
                        .toList();

        assertThat(watches)
                .contains(
                        "HealthEndpointAutoConfiguration",
                        "PrometheusMetricsExportAutoConfiguration");
        assertThat(leftOut("none"))
                .extracting(AutoConfigurationFilterTests::type)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(UNUSED, ONLY_OVER_HTTP, watches).flatMap(List::stream).toList());
    }

    private static List<String> leftOut(String type) {
        var filter = new AutoConfigurationFilter();
        filter.setEnvironment(
                new MockEnvironment().withProperty("spring.main.web-application-type", type));
        var names = everyAutoConfiguration().toArray(String[]::new);
        var wanted = filter.match(names, null);
        return IntStream.range(0, names.length)
                .filter(i -> !wanted[i])
                .mapToObj(i -> names[i])
                .toList();
    }

    private static Stream<String> everyAutoConfiguration() {
        return ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream();
    }

    private static String type(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}

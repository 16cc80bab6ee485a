package phoneopus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.mock.env.MockEnvironment;

class OnlyOverHttpTests {

    @ParameterizedTest
    @CsvSource({"servlet,true", "none,false"})
    void whatWatchesOverAServerIsOnlyThereOverHttp(String type, boolean there) {
        var names = everyAutoConfiguration();
        var matches = filter(type).match(names, null);

        for (int i = 0; i < names.length; i++) {
            var watches =
                    names[i].matches(".*\\.(actuate|health|metrics|observation|security)\\..*");
            assertThat(matches[i]).as(names[i]).isEqualTo(there || !watches);
        }
        assertThat(names).anyMatch(name -> name.endsWith("HealthEndpointAutoConfiguration"));
        assertThat(names)
                .anyMatch(name -> name.endsWith("PrometheusMetricsExportAutoConfiguration"));
    }

    private static String[] everyAutoConfiguration() {
        return ImportCandidates.load(AutoConfiguration.class, null)
                .getCandidates()
                .toArray(String[]::new);
    }

    private static OnlyOverHttp filter(String type) {
        var filter = new OnlyOverHttp();
        filter.setEnvironment(
                new MockEnvironment().withProperty("spring.main.web-application-type", type));
        return filter;
    }
}

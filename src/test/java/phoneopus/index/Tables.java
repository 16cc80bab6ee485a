package phoneopus.index;

import javax.sql.DataSource;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.jdbc.core.convert.DataAccessStrategy;
import org.springframework.data.jdbc.core.convert.DataAccessStrategyFactory;
import org.springframework.data.jdbc.core.convert.DefaultJdbcTypeFactory;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.convert.MappingJdbcConverter;
import org.springframework.data.jdbc.core.convert.QueryMappingConfiguration;
import org.springframework.data.jdbc.core.dialect.JdbcH2Dialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.jdbc.repository.support.JdbcRepositoryFactory;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The table's repository as Spring makes it, without a context. */
public final class Tables {
    private Tables() {}

    public static JobRepository repository(DataSource connections) {
        var operations = new NamedParameterJdbcTemplate(connections);
        var dialect = JdbcH2Dialect.INSTANCE;
        var naming = new JobIndexConfiguration().tablesWithoutRowInTheirName();
        var conversions = JdbcCustomConversions.of(dialect, java.util.List.of());
        var mapping = new JdbcMappingContext(naming);
        mapping.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
        var strategy = new DataAccessStrategy[1];
        var converter =
                new MappingJdbcConverter(
                        mapping,
                        (identifier, path) -> strategy[0].findAllByPath(identifier, path),
                        conversions,
                        new DefaultJdbcTypeFactory(operations.getJdbcOperations()));
        strategy[0] =
                new DataAccessStrategyFactory(
                                converter, operations, dialect, QueryMappingConfiguration.EMPTY)
                        .create();
        return new JdbcRepositoryFactory(new JdbcAggregateTemplate(converter, strategy[0]))
                .getRepository(JobRepository.class);
    }
}

package phoneopus.index;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import phoneopus.spool.StateDirectory;

/** Configures the connections to the index. None is opened at start. */
@Configuration(proxyBeanMethods = false)
public class JobIndexConfiguration {
    private static final int CONNECTIONS = 2;
    private static final long GIVE_UP_MS = 2_000;

    /**
     * Maps a row to the table {@code job}. An annotation's name would be quoted as written, which
     * H2 and PostgreSQL treat differently.
     */
    @Bean
    NamingStrategy tablesWithoutRowInTheirName() {
        return new NamingStrategy() {
            @Override
            public String getTableName(Class<?> type) {
                return NamingStrategy.super.getTableName(type).replaceFirst("_row$", "");
            }
        };
    }

    /**
     * Without this bean the dialect would be queried from the database at each start, and in the
     * build, which has none.
     */
    @Bean
    JdbcDialect jdbcDialect() {
        return JobIndexDatabase.DIALECT;
    }

    @Bean
    TransactionTemplate transaction(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    @Bean(destroyMethod = "close")
    public HikariDataSource dataSource(StateDirectory state) {
        HikariDataSource connections = new HikariDataSource();
        connections.setPoolName("index");
        connections.setJdbcUrl(new JobIndexDatabase(state).url());
        connections.setUsername(JobIndexDatabase.USER);
        connections.setPassword(JobIndexDatabase.PASSWORD);
        connections.setMaximumPoolSize(CONNECTIONS);
        connections.setMinimumIdle(1);
        connections.setConnectionTimeout(GIVE_UP_MS);
        connections.setInitializationFailTimeout(-1);
        connections.setExceptionOverride(new BrokenConnections());
        return connections;
    }

    /**
     * Decides which connections the pool must drop. A database that H2 closed, such as after a full
     * disk, stays closed while any of its connections is held.
     */
    private static final class BrokenConnections implements SQLExceptionOverride {
        @java.lang.Override
        public SQLExceptionOverride.Override adjudicate(SQLException e) {
            return DatabaseFailure.isTransient(e)
                    ? SQLExceptionOverride.Override.MUST_EVICT
                    : SQLExceptionOverride.Override.CONTINUE_EVICT;
        }
    }
}

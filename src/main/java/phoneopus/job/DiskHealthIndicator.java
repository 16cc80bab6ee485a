package phoneopus.job;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import phoneopus.spool.StateDirectory;

/** Down where the state directory has no room for another consult. */
@Component
@ConditionalOnWebApplication
class DiskHealthIndicator extends DiskSpaceHealthIndicator {
    private static final DataSize LEAST = DataSize.ofMegabytes(100);

    DiskHealthIndicator(StateDirectory state) {
        super(state.location().toFile(), LEAST);
    }
}

package phoneopus.spool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, newest update first. Other than the principal, a null component does not
 * filter.
 *
 * @param principal whose jobs; null for those without a principal
 * @param cwd the canonical directory
 */
public record JobFilter(
        @Nullable String principal,
        @Nullable JobStatus status,
        @Nullable JobMode mode,
        @Nullable String cwd,
        int limit) {

    public boolean takes(Job job) {
        return Objects.equals(principal, job.request().consult().principal())
                && (status == null || status == job.status())
                && (mode == null || mode == job.mode())
                && (cwd == null || cwd.equals(job.request().consult().cwd()));
    }
}

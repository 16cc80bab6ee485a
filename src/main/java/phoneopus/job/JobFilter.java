package phoneopus.job;

import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, newest update first. What is null does not matter.
 *
 * @param cwd canonical directory
 */
public record JobFilter(
        @Nullable JobStatus status, @Nullable JobMode mode, @Nullable String cwd, int limit) {

    boolean takes(Job job) {
        return (status == null || status == job.status())
                && (mode == null || mode == job.mode())
                && (cwd == null || cwd.equals(job.request().cwd()));
    }
}

package phoneopus.job;

import phoneopus.spool.JobRequest;

/**
 * A consult that was taken in.
 *
 * @param joined whether it is one that was asked for before, so that it is not paid twice
 */
public record Submission(JobRequest request, boolean joined) {}

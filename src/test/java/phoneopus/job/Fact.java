package phoneopus.job;

import phoneopus.spool.JobId;

/** What somebody was told, or has seen, of a job. It stays true whatever happens to the machine. */
sealed interface Fact {
    JobId job();

    /** It ends, whatever happens. */
    record Accepted(JobId job) implements Fact {}

    /** Its command may have begun, and is not to be run again. */
    record Begun(JobId job) implements Fact {}

    /** Its caller, or a list, has its answer. */
    record Answered(JobId job) implements Fact {}

    record Promoted(JobId job) implements Fact {}

    record Joined(JobId job) implements Fact {}

    record Delivered(JobId job) implements Fact {}

    record Cancelled(JobId job) implements Fact {}

    /** Its keep time was over. */
    record Dropped(JobId job) implements Fact {}

    /** Nobody was promised that it is kept, nor that it is dropped. */
    record MayGo(JobId job) implements Fact {}
}

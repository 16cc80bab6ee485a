package phoneopus.index;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

/** The table. Created when the index is opened, so that no consult waits for its libraries. */
@Lazy
public interface JobRepository extends ListCrudRepository<JobRow, UUID> {
    @Query(
            """
            select job_id from job
            where principal is not distinct from cast(:principal as varchar)
              and (cast(:status as varchar) is null or status = :status)
              and (cast(:mode as varchar) is null or mode = :mode)
              and (cast(:cwd as varchar) is null or cwd = :cwd)
            order by updated_unix_ms desc, job_id
            limit :most
            """)
    List<UUID> newest(
            @Nullable String principal,
            @Nullable String status,
            @Nullable String mode,
            @Nullable String cwd,
            int most);

    /** Makes acknowledged commits survive a power cut, which H2 does not guarantee. */
    @Modifying
    @Query("checkpoint sync")
    void sync();

    /** Jobs that finished before that time, except the newest of all. */
    @Query(
            """
            select job_id from job
            where finished_unix_ms < :before
              and job_id not in (
                select job_id from job where finished_unix_ms is not null
                order by finished_unix_ms desc, job_id limit :kept)
            """)
    List<UUID> past(long before, int kept);
}

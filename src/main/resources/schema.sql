-- The index: a copy of the spool, in the subset of SQL that H2 and PostgreSQL both accept.
-- request and completion are the whole record, the JSON of request.json and outcome.json. The other columns are for lists.
create table if not exists job (
    job_id uuid primary key,
    version integer not null,
    mode varchar(16) not null,
    status varchar(16) not null,
    created_unix_ms bigint not null,
    updated_unix_ms bigint not null,
    started_unix_ms bigint,
    finished_unix_ms bigint,
    runner_pid bigint,
    principal varchar(255),
    cwd varchar(4096) not null,
    session_id uuid,
    model varchar(255),
    num_turns integer,
    consult_cost_usd double precision,
    request text not null,
    completion text
);

create index if not exists job_by_update on job (updated_unix_ms, job_id);

-- Contains one row once every job of the spool has been indexed.
create table if not exists filled (
    at_unix_ms bigint primary key
);

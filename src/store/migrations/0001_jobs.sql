-- Instants are microseconds since 1970 UTC.
CREATE TABLE jobs (
    name        TEXT PRIMARY KEY,
    last_due    INTEGER,            -- the newest due time that a run was finished for
    last_ok     INTEGER,            -- the newest due time that a run succeeded for
    attempt     INTEGER NOT NULL DEFAULT 0, -- failures since the last success
    lease_owner TEXT,
    lease_until INTEGER
) STRICT;

CREATE TABLE job_runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    job         TEXT NOT NULL,
    due         INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,            -- null: running, or the process died
    ok          INTEGER,
    message     TEXT
) STRICT;

CREATE INDEX job_runs_by_job ON job_runs (job, started_at);

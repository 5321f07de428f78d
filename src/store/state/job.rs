//! Jobs: who runs them now, when they were last due and done, and every run.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{State, instant, micros};
use crate::store::StoreError;

/// The right to run a job until an instant; nobody else gets it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Job name.
    pub job: String,
    /// Who holds it.
    pub owner: String,
    /// When it lapses unless renewed.
    pub until: DateTime<Utc>,
}

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobState {
    /// Job name.
    pub name: String,
    /// The newest due time that a run was finished for, well or not.
    pub last_due: Option<DateTime<Utc>>,
    /// The newest due time that a run succeeded for.
    pub last_ok: Option<DateTime<Utc>>,
    /// Failures since the last success.
    pub attempt: u32,
    /// The present lease, lapsed or not.
    pub lease: Option<Lease>,
}

/// A run that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJobRun {
    /// Job name.
    pub job: String,
    /// The due time it is for.
    pub due: DateTime<Utc>,
    /// When it begins.
    pub started_at: DateTime<Utc>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEnd {
    /// When.
    pub finished_at: DateTime<Utc>,
    /// Whether it did what it should.
    pub ok: bool,
    /// What happened, in words.
    pub message: String,
}

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Number, increasing.
    pub id: i64,
    /// Job name.
    pub job: String,
    /// The due time it was for.
    pub due: DateTime<Utc>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How it ended; `None` while it runs, or when its process died.
    pub end: Option<RunEnd>,
}

impl State {
    /// Takes the lease of a job, unless somebody holds one that has not lapsed at `now`.
    pub async fn acquire_lease(
        &self,
        job: &str,
        owner: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Lease>, StoreError> {
        let taken = sqlx::query(
            "INSERT INTO jobs (name, lease_owner, lease_until) VALUES (?1, ?2, ?4) \
             ON CONFLICT (name) DO UPDATE SET lease_owner = ?2, lease_until = ?4 \
             WHERE jobs.lease_owner IS NULL OR jobs.lease_until <= ?3",
        )
        .bind(job)
        .bind(owner)
        .bind(micros(now))
        .bind(micros(until))
        .execute(&self.pool)
        .await
        .map_err(StoreError::state("take a lease"))?;
        Ok((taken.rows_affected() == 1).then(|| Lease { job: job.to_owned(), owner: owner.to_owned(), until }))
    }

    /// Extends a lease. `None`: it has lapsed and somebody else has taken it, so the work must stop.
    pub async fn renew_lease(&self, lease: &Lease, until: DateTime<Utc>) -> Result<Option<Lease>, StoreError> {
        let renewed = sqlx::query("UPDATE jobs SET lease_until = ?3 WHERE name = ?1 AND lease_owner = ?2")
            .bind(&lease.job)
            .bind(&lease.owner)
            .bind(micros(until))
            .execute(&self.pool)
            .await
            .map_err(StoreError::state("renew a lease"))?;
        Ok((renewed.rows_affected() == 1).then(|| Lease { until, ..lease.clone() }))
    }

    /// Gives a lease back; without effect if somebody else has taken it.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        sqlx::query("UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE name = ?1 AND lease_owner = ?2")
            .bind(&lease.job)
            .bind(&lease.owner)
            .execute(&self.pool)
            .await
            .map_err(StoreError::state("release a lease"))?;
        Ok(())
    }

    /// Frees every lease: for the start of the one writing process, when all holders are known to be dead.
    pub async fn clear_leases(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE jobs SET lease_owner = NULL, lease_until = NULL")
            .execute(&self.pool)
            .await
            .map_err(StoreError::state("clear leases"))?;
        Ok(())
    }

    /// What is known of a job, `None` before its first lease or run.
    pub async fn job(&self, name: &str) -> Result<Option<JobState>, StoreError> {
        let row = sqlx::query("SELECT * FROM jobs WHERE name = ?1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .map_err(StoreError::state("read a job"))?;
        row.as_ref().map(job_state).transpose().map_err(StoreError::state("read a job"))
    }

    /// What is known of all jobs, by name.
    pub async fn jobs(&self) -> Result<Vec<JobState>, StoreError> {
        let rows = sqlx::query("SELECT * FROM jobs ORDER BY name")
            .fetch_all(&self.pool)
            .await
            .map_err(StoreError::state("read jobs"))?;
        rows.iter().map(job_state).collect::<Result<_, _>>().map_err(StoreError::state("read jobs"))
    }

    /// Records that a run begins; the number is for [`State::end_run`].
    pub async fn begin_run(&self, run: &NewJobRun) -> Result<i64, StoreError> {
        let inserted = sqlx::query("INSERT INTO job_runs (job, due, started_at) VALUES (?1, ?2, ?3)")
            .bind(&run.job)
            .bind(micros(run.due))
            .bind(micros(run.started_at))
            .execute(&self.pool)
            .await
            .map_err(StoreError::state("begin a run"))?;
        Ok(inserted.last_insert_rowid())
    }

    /// Records how a run ended, and what follows for its job: the due time is done, and failures are counted.
    pub async fn end_run(&self, id: i64, end: &RunEnd) -> Result<(), StoreError> {
        self.end_run_rows(id, end).await.map_err(StoreError::state("end a run"))
    }

    async fn end_run_rows(&self, id: i64, end: &RunEnd) -> sqlx::Result<()> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("UPDATE job_runs SET finished_at = ?2, ok = ?3, message = ?4 WHERE id = ?1")
            .bind(id)
            .bind(micros(end.finished_at))
            .bind(end.ok)
            .bind(&end.message)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO jobs (name, last_due, last_ok, attempt) \
             SELECT job, due, iif(?2, due, NULL), iif(?2, 0, 1) FROM job_runs WHERE id = ?1 \
             ON CONFLICT (name) DO UPDATE SET \
               last_due = max(coalesce(jobs.last_due, excluded.last_due), excluded.last_due), \
               last_ok = max(coalesce(jobs.last_ok, excluded.last_ok), coalesce(excluded.last_ok, jobs.last_ok)), \
               attempt = iif(?2, 0, jobs.attempt + 1)",
        )
        .bind(id)
        .bind(end.ok)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// The newest runs of a job, newest first.
    pub async fn runs_of(&self, job: &str, limit: u32) -> Result<Vec<JobRun>, StoreError> {
        let rows = sqlx::query("SELECT * FROM job_runs WHERE job = ?1 ORDER BY id DESC LIMIT ?2")
            .bind(job)
            .bind(limit)
            .fetch_all(&self.pool)
            .await
            .map_err(StoreError::state("read runs"))?;
        rows.iter().map(job_run).collect::<Result<_, _>>().map_err(StoreError::state("read runs"))
    }
}

fn job_state(row: &SqliteRow) -> sqlx::Result<JobState> {
    let name: String = row.try_get("name")?;
    let owner: Option<String> = row.try_get("lease_owner")?;
    let until: Option<i64> = row.try_get("lease_until")?;
    let lease = owner.zip(until).map(|(owner, until)| Lease { job: name.clone(), owner, until: instant(until) });
    Ok(JobState {
        name,
        last_due: row.try_get::<Option<i64>, _>("last_due")?.map(instant),
        last_ok: row.try_get::<Option<i64>, _>("last_ok")?.map(instant),
        attempt: row.try_get("attempt")?,
        lease,
    })
}

fn job_run(row: &SqliteRow) -> sqlx::Result<JobRun> {
    let end = match row.try_get::<Option<i64>, _>("finished_at")? {
        None => None,
        Some(finished_at) => {
            Some(RunEnd { finished_at: instant(finished_at), ok: row.try_get("ok")?, message: row.try_get("message")? })
        }
    };
    Ok(JobRun {
        id: row.try_get("id")?,
        job: row.try_get("job")?,
        due: instant(row.try_get("due")?),
        started_at: instant(row.try_get("started_at")?),
        end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_653_800_000 + second, 0).unwrap()
    }

    async fn state() -> (tempfile::TempDir, State) {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(&folder.path().join("state.db")).await.unwrap();
        (folder, state)
    }

    #[tokio::test]
    async fn only_one_holds_a_lease_until_it_lapses() {
        let (_folder, state) = state().await;
        let first = state.acquire_lease("gso", "a", at(0), at(60)).await.unwrap().unwrap();
        assert_eq!(state.acquire_lease("gso", "b", at(59), at(120)).await.unwrap(), None);
        assert_eq!(state.acquire_lease("gso", "a", at(59), at(120)).await.unwrap(), None, "no overlap with oneself");
        let first = state.renew_lease(&first, at(90)).await.unwrap().unwrap();
        assert_eq!(state.acquire_lease("gso", "b", at(60), at(120)).await.unwrap(), None);
        let second = state.acquire_lease("gso", "b", at(90), at(150)).await.unwrap().unwrap();
        assert_eq!(state.renew_lease(&first, at(200)).await.unwrap(), None, "lapsed and taken");
        state.release_lease(&first).await.unwrap();
        assert_eq!(state.job("gso").await.unwrap().unwrap().lease, Some(second.clone()), "not his to release");
        state.release_lease(&second).await.unwrap();
        assert!(state.acquire_lease("gso", "a", at(91), at(99)).await.unwrap().is_some());
        state.clear_leases().await.unwrap();
        assert_eq!(state.job("gso").await.unwrap().unwrap().lease, None);
    }

    #[tokio::test]
    async fn of_many_at_once_one_gets_the_lease() {
        let (_folder, state) = state().await;
        let mut tasks = tokio::task::JoinSet::new();
        for owner in 0..8 {
            let state = state.clone();
            tasks.spawn(async move { state.acquire_lease("gso", &owner.to_string(), at(0), at(60)).await.unwrap() });
        }
        assert_eq!(tasks.join_all().await.into_iter().flatten().count(), 1);
    }

    #[tokio::test]
    async fn runs_move_the_due_times_of_their_job() {
        let (folder, state) = state().await;
        let run = async |due: i64, ok: bool| {
            let new = NewJobRun { job: "gso".to_owned(), due: at(due), started_at: at(due + 1) };
            let id = state.begin_run(&new).await.unwrap();
            let end = RunEnd { finished_at: at(due + 2), ok, message: format!("due {due}") };
            state.end_run(id, &end).await.unwrap();
        };
        run(100, false).await;
        run(100, false).await;
        let job = state.job("gso").await.unwrap().unwrap();
        assert_eq!((job.last_due, job.last_ok, job.attempt), (Some(at(100)), None, 2));
        run(200, true).await;
        run(150, true).await;
        run(300, false).await;
        let job = state.job("gso").await.unwrap().unwrap();
        assert_eq!((job.last_due, job.last_ok, job.attempt), (Some(at(300)), Some(at(200)), 1));

        state.begin_run(&NewJobRun { job: "gso".to_owned(), due: at(400), started_at: at(400) }).await.unwrap();
        state.close().await;
        let state = State::open(&folder.path().join("state.db")).await.unwrap();
        let runs = state.runs_of("gso", 2).await.unwrap();
        assert_eq!((runs[0].due, runs[0].end.clone()), (at(400), None), "died before its end");
        assert_eq!(runs[1].end.as_ref().unwrap().message, "due 300");
        assert_eq!(state.jobs().await.unwrap(), vec![state.job("gso").await.unwrap().unwrap()]);
    }
}

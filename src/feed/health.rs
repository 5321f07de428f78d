//! How each declared feed is doing: when it last brought something, whether that is too long ago, when it is due next.

use chrono::{DateTime, TimeDelta, Utc};

use super::Declarations;
use crate::domain::Vintage;
use crate::job::Cron;
use crate::store::rows::{RunOutcome, RunRow};

/// One feed at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHealth {
    /// Feed code.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// When its source last answered as its contract wants, with news or without.
    pub last_good: Option<Vintage>,
    /// When it last brought something new.
    pub last_news: Option<Vintage>,
    /// The newest run of all.
    pub last_run: Option<RunRow>,
    /// When it is pulled next.
    pub next: Option<DateTime<Utc>>,
    /// Whole days since its last news.
    pub age_days: Option<i64>,
    /// Days after which it counts as late, as declared.
    pub freshness_days: Option<u32>,
    /// Rows refused over all kept runs.
    pub rejected: i64,
}

impl FeedHealth {
    /// Whether its news is older than its contract allows; a feed that never brought any is late too.
    pub fn is_late(&self) -> bool {
        match (self.freshness_days, self.age_days) {
            (Some(limit), Some(age)) => age > i64::from(limit),
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether its newest run failed or was refused.
    pub fn is_failing(&self) -> bool {
        let outcome = self.last_run.as_ref().map(|run| run.outcome);
        matches!(outcome, Some(RunOutcome::Failed | RunOutcome::Refused))
    }
}

/// What is declared of a feed and matters here.
#[derive(Debug, Clone, Copy)]
struct Promise<'a> {
    code: &'a str,
    names: (&'a str, &'a str),
    freshness_days: Option<u32>,
    schedule: Option<&'a str>,
}

/// All declared feeds, of figures and then of cases, from their runs (in any order) at an instant.
pub fn feed_health(declared: &Declarations, runs: &[RunRow], now: DateTime<Utc>) -> Vec<FeedHealth> {
    let figures = declared.figures.iter().map(|feed| Promise {
        code: &feed.mapping.code,
        names: (&feed.mapping.name_vi, &feed.mapping.name_en),
        freshness_days: feed.contract.freshness_days,
        schedule: feed.schedule.as_deref(),
    });
    let cases = declared.cases.iter().map(|feed| Promise {
        code: &feed.mapping.code,
        names: (&feed.mapping.name_vi, &feed.mapping.name_en),
        freshness_days: feed.contract.freshness_days,
        schedule: feed.schedule.as_deref(),
    });
    figures.chain(cases).map(|promise| health_of(&promise, runs, now)).collect()
}

fn health_of(promise: &Promise<'_>, runs: &[RunRow], now: DateTime<Utc>) -> FeedHealth {
    let code = promise.code;
    let own = || runs.iter().filter(|run| run.feed == code);
    let good = |run: &&RunRow| matches!(run.outcome, RunOutcome::Ok | RunOutcome::Unchanged);
    let last_good = own().filter(good).map(|run| run.finished_at).max();
    // A run is dated by when it was ingested here; the vintage of what it brought is in the figures themselves.
    let last_news = own().filter(|run| run.outcome == RunOutcome::Ok && run.rows_new > 0).map(|r| r.finished_at).max();
    let age = last_news.and_then(Vintage::instant).map(|at| now - at);
    FeedHealth {
        code: code.to_owned(),
        name_vi: promise.names.0.to_owned(),
        name_en: promise.names.1.to_owned(),
        last_good,
        last_news,
        last_run: own().max_by_key(|run| (run.finished_at, run.seq)).cloned(),
        next: promise.schedule.and_then(|s| s.parse::<Cron>().ok()).and_then(|cron| cron.next_due(now)),
        age_days: age.map(|age: TimeDelta| age.num_days()),
        freshness_days: promise.freshness_days,
        rejected: own().map(|run| run.rows_rejected).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(outcome: RunOutcome, day: &str, rows_new: i64) -> RunRow {
        let at: Vintage = format!("{day}T06:00:00+07:00").parse().unwrap();
        RunRow {
            run_id: format!("r-{day}"),
            feed: "f".to_owned(),
            seq: None,
            started_at: at,
            finished_at: at,
            outcome,
            message: String::new(),
            rows_read: rows_new,
            rows_new,
            rows_rejected: 2,
            snapshot_sha256: None,
            url: None,
        }
    }

    #[test]
    fn a_feed_is_late_by_its_news_not_by_its_pulls() {
        let now: DateTime<Utc> = "2022-06-30T01:00:00Z".parse().unwrap();
        let runs = [
            run(RunOutcome::Ok, "2022-05-01", 10),
            run(RunOutcome::Unchanged, "2022-06-29", 0),
            run(RunOutcome::Failed, "2022-06-30", 0),
        ];
        let of = |code, freshness_days| {
            health_of(&Promise { code, names: ("", ""), freshness_days, schedule: Some("0 30 6 * * *") }, &runs, now)
        };
        let health = of("f", Some(45));
        assert_eq!((health.age_days, health.is_late(), health.is_failing()), (Some(60), true, true));
        assert_eq!(health.last_good.unwrap().local_date().unwrap().to_string(), "2022-06-29");
        assert_eq!(health.rejected, 6);
        assert!(health.next.is_some_and(|next| next > now));
        assert!(!of("f", Some(60)).is_late());
        assert!(of("other", Some(45)).is_late(), "never came");
        assert!(!of("other", None).is_late(), "promised nothing");
    }
}

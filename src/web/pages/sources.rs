//! Data health: every feed with its last success, lag, next pull; recent runs in words; rows that were refused.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::address;
use super::dashboards::{Fault, faults};
use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::Asked;
use crate::compute::log::LogQuery;
use crate::domain::Vintage;
use crate::feed::{FeedHealth, feed_health};
use crate::present::{Language, State, count, instant, pick, state_class, state_mark};
use crate::store::rows::{RejectedRow, RunOutcome, RunRow};
use crate::web::state::ApiState;

/// Runs that are read to judge the feeds.
const RUNS_READ: usize = 5_000;
/// Runs that are listed.
const RUNS_SHOWN: usize = 40;
/// Refused rows that are listed.
const REJECTED_SHOWN: usize = 60;

/// One feed.
struct FeedRow {
    code: String,
    name: String,
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    last_good: String,
    age: String,
    promise: String,
    next: String,
    /// The newest run in a word and counts.
    last: String,
    /// What the run said beyond that.
    message: String,
    rejected: String,
}

/// One run.
struct RunLine {
    feed: String,
    at: String,
    word: &'static str,
    message: String,
    rows: String,
    url: String,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    s: Shell,
    message: String,
    feeds: Vec<FeedRow>,
    runs: Vec<RunLine>,
    rejected: Vec<RejectedRow>,
    faults: Vec<Fault>,
}

/// `/sources`.
pub async fn sources(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let failed = |e: crate::compute::ComputeError| PageProblem::failed(language, &e);
    let runs = state.engine.runs(&LogQuery { limit: RUNS_READ, ..LogQuery::default() }).await.map_err(failed)?;
    let now = state.clock.now();
    // Ages and next pulls move with time: the page is as new as the log and the minute.
    let dashboards = state.dashboards.load_full();
    let version = format!("runs{}-{}-{}", runs.version, dashboards.version(), now.timestamp() / 60);
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let query = LogQuery { limit: REJECTED_SHOWN, ..LogQuery::default() };
    let rejected = state.engine.rejected(&query).await.map_err(failed)?;
    let health = feed_health(&state.feeds, &runs.rows, now);
    let late = health.iter().filter(|h| h.is_late() || h.is_failing()).count();
    let mut rows: Vec<(u8, FeedRow)> = health.iter().map(|h| feed_row(h, language)).collect();
    rows.sort_by_key(|(rank, row)| (*rank, row.code.clone()));
    let mut s = Shell::new(language, pick(language, "Nguồn số liệu", "Sources"), "/sources");
    s.foot.push(instant(Vintage::from_instant(now), language));
    reply.write(&SourcesPage {
        message: message(health.len(), late, language),
        feeds: rows.into_iter().map(|(_, row)| row).collect(),
        runs: runs.rows.iter().take(RUNS_SHOWN).map(|run| run_line(run, language)).collect(),
        rejected: rejected.rows,
        faults: faults(dashboards.problems()),
        s,
    })
}

fn message(feeds: usize, late: usize, language: Language) -> String {
    match (language, late) {
        (Language::Vi, 0) => format!("Cả {feeds} nguồn số liệu đang đúng hạn"),
        (Language::Vi, _) => format!("{late} trong {feeds} nguồn số liệu chậm hoặc lỗi"),
        (Language::En, 0) => format!("All {feeds} sources are on time"),
        (Language::En, _) => format!("{late} of {feeds} sources are late or failing"),
    }
}

fn feed_row(health: &FeedHealth, language: Language) -> (u8, FeedRow) {
    let (state, word) = if health.is_failing() {
        (State::Off, pick(language, "lỗi", "failing"))
    } else if health.is_late() {
        (State::Watch, pick(language, "chậm", "late"))
    } else {
        (State::OnTarget, pick(language, "đúng hạn", "on time"))
    };
    let never = || pick(language, "chưa bao giờ", "never").to_owned();
    let days = |n: i64| match language {
        Language::Vi => format!("{n} ngày"),
        Language::En => format!("{n} days"),
    };
    let row = FeedRow {
        code: health.code.clone(),
        name: match language {
            Language::Vi => health.name_vi.clone(),
            Language::En => health.name_en.clone(),
        },
        class: state_class(state),
        mark: state_mark(state),
        word,
        last_good: health.last_good.map_or_else(never, |at| instant(at, language)),
        age: health.age_days.map(days).unwrap_or_default(),
        promise: health.freshness_days.map(|n| days(i64::from(n))).unwrap_or_default(),
        next: health.next.map(|at| instant(Vintage::from_instant(at), language)).unwrap_or_default(),
        last: health.last_run.as_ref().map(|r| outcome_words(r, language)).unwrap_or_default(),
        message: health
            .last_run
            .as_ref()
            .filter(|r| r.message.contains(';'))
            .map(|r| r.message.clone())
            .unwrap_or_default(),
        rejected: if health.rejected > 0 { count(health.rejected as usize, language) } else { String::new() },
    };
    (crate::present::state_rank(state), row)
}

/// "đã nhận, 306 mới / 306 đọc".
fn outcome_words(run: &RunRow, language: Language) -> String {
    let word = outcome_word(run.outcome, language);
    match run.outcome {
        RunOutcome::Ok => format!("{word}, {}", counts_words(run, language)),
        RunOutcome::Unchanged => word.to_owned(),
        // What went wrong is the message itself.
        RunOutcome::Refused | RunOutcome::Failed => format!("{word}: {}", run.message),
    }
}

fn outcome_word(outcome: RunOutcome, language: Language) -> &'static str {
    match outcome {
        RunOutcome::Ok => pick(language, "đã nhận", "taken"),
        RunOutcome::Unchanged => pick(language, "không đổi", "unchanged"),
        RunOutcome::Refused => pick(language, "từ chối", "refused"),
        RunOutcome::Failed => pick(language, "lỗi", "failed"),
    }
}

fn counts_words(run: &RunRow, language: Language) -> String {
    let (new, read) = (count(run.rows_new.max(0) as usize, language), count(run.rows_read.max(0) as usize, language));
    match language {
        Language::Vi => format!("{new} số mới trong {read}"),
        Language::En => format!("{new} new of {read}"),
    }
}

fn run_line(run: &RunRow, language: Language) -> RunLine {
    RunLine {
        feed: run.feed.clone(),
        at: instant(run.finished_at, language),
        word: outcome_word(run.outcome, language),
        message: run.message.clone(),
        rows: counts_words(run, language),
        url: run.url.clone().unwrap_or_default(),
    }
}

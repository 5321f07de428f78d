//! Data health: which source is late, every feed with its last success, lag and next pull; runs in words; rows that were
//! refused, page by page.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address;
use super::dashboards::{Fault, faults};
use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::Asked;
use crate::compute::log::LogQuery;
use crate::domain::Vintage;
use crate::feed::{FeedHealth, feed_health};
use crate::present::{
    Language, RunEnd, RunFacts, State, count, instant, pick, rejection_words, run_sentence, run_word, state_class,
    state_mark, state_rank,
};
use crate::store::rows::{RejectedRow, RunOutcome, RunRow};
use crate::web::state::ApiState;

/// Runs that are read to judge the feeds.
const RUNS_READ: usize = 5_000;
/// Runs that are listed.
const RUNS_SHOWN: usize = 40;
/// Refused rows on one page.
const REJECTED_SHOWN: usize = 50;
/// Late sources that the headline names.
const NAMED_MAX: usize = 2;

/// What of the logs is wanted.
#[derive(Debug, Deserialize, Default)]
pub struct LogAsked {
    /// Runs and refused rows of this feed only.
    feed: Option<String>,
    /// Page of the refused rows, from 1.
    rows: Option<String>,
}

/// One feed.
struct FeedRow {
    code: String,
    name: String,
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    /// Why it is late or failing; empty for one that is on time.
    why: String,
    last_good: String,
    age: String,
    promise: String,
    next: String,
    /// The newest run in a sentence.
    last: String,
    rejected: String,
    rejected_url: String,
}

/// One run.
struct RunLine {
    feed: String,
    at: String,
    class: &'static str,
    word: &'static str,
    sentence: String,
    /// The log's own words.
    log: String,
    url: String,
}

/// One refused row.
struct RejectedLine {
    feed: String,
    file: String,
    row: String,
    column: String,
    value: String,
    words: String,
    /// The log's own words, where they are others.
    log: Option<String>,
}

/// Pages of the refused rows.
struct Paged {
    words: String,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    s: Shell,
    message: String,
    late: Vec<FeedRow>,
    feeds: Vec<FeedRow>,
    /// Name of the one feed whose logs are shown, and the way back to all.
    only: Option<(String, String)>,
    runs: Vec<RunLine>,
    rejected: Vec<RejectedLine>,
    paged: Paged,
    faults: Vec<Fault>,
}

impl SourcesPage {
    /// All feeds, the late ones first.
    fn all(&self) -> impl Iterator<Item = &FeedRow> {
        self.late.iter().chain(&self.feeds)
    }
}

/// `/sources`.
pub async fn sources(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    Query(log): Query<LogAsked>,
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
    let health = feed_health(&state.feeds, &runs.rows, now);
    let feed = log.feed.as_deref().filter(|feed| !feed.is_empty());
    let only = match feed {
        None => None,
        Some(code) => Some(health.iter().find(|h| h.code == code).ok_or_else(|| unknown(code, &health, language))?),
    };
    let page = page_of(log.rows.as_deref(), language)?;
    let feed = feed.map(str::to_owned);
    let query = LogQuery {
        feed: feed.clone(),
        skip: (page - 1) * REJECTED_SHOWN,
        limit: REJECTED_SHOWN,
        ..LogQuery::default()
    };
    let rejected = state.engine.rejected(&query).await.map_err(failed)?;
    let mut rows: Vec<(u8, FeedRow)> = health.iter().map(|h| feed_row(h, language)).collect();
    rows.sort_by_key(|(rank, row)| (*rank, row.code.clone()));
    let late = rows.iter().filter(|(_, row)| !row.why.is_empty()).count();
    let mut s = Shell::new(language, pick(language, "Nguồn số liệu", "Sources"), "/sources");
    s.foot.push(instant(Vintage::from_instant(now), language));
    let feeds = rows.split_off(late);
    reply.write(&SourcesPage {
        message: message(health.len(), &rows, language),
        late: rows.into_iter().map(|(_, row)| row).collect(),
        feeds: feeds.into_iter().map(|(_, row)| row).collect(),
        only: only.map(|h| (name_of(h, language), s.href("/sources"))),
        runs: runs
            .rows
            .iter()
            .filter(|run| feed.as_ref().is_none_or(|code| run.feed == *code))
            .take(RUNS_SHOWN)
            .map(|run| run_line(run, language))
            .collect(),
        rejected: rejected.rows.iter().map(|row| rejected_line(row, language)).collect(),
        paged: paged(page, rejected.total, feed.as_deref(), language),
        faults: faults(dashboards.problems()),
        s,
    })
}

fn page_of(text: Option<&str>, language: Language) -> Result<usize, PageProblem> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(1),
        Some(text) => match text.parse() {
            Ok(page @ 1..=1_000_000) => Ok(page),
            _ => Err(PageProblem::unreadable(language, "rows", text, "1, 2, 3")),
        },
    }
}

fn unknown(code: &str, health: &[FeedHealth], language: Language) -> PageProblem {
    let near = |h: &&FeedHealth| strsim::damerau_levenshtein(&h.code, code) <= 2;
    let way = |h: &FeedHealth| (name_of(h, language), address_of(Some(&h.code), 1, language));
    let ways = health.iter().filter(near).map(way).collect();
    PageProblem::unknown(language, pick(language, "nguồn số liệu", "source"), code, ways)
}

fn address_of(feed: Option<&str>, page: usize, language: Language) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    feed.map(|feed| query.append_pair("feed", feed));
    if page > 1 {
        query.append_pair("rows", &page.to_string());
    }
    if language == Language::En {
        query.append_pair("lang", "en");
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/sources{mark}{query}#rejected")
}

fn paged(page: usize, total: usize, feed: Option<&str>, language: Language) -> Paged {
    let pages = total.div_ceil(REJECTED_SHOWN).max(1);
    let first = (page - 1) * REJECTED_SHOWN + 1;
    let [from, to, all] = [first, (first + REJECTED_SHOWN - 1).min(total), total].map(|n| count(n, language));
    let words = match language {
        _ if first > total => String::new(),
        Language::Vi => format!("Dòng {from}–{to} trong {all}"),
        Language::En => format!("Rows {from}–{to} of {all}"),
    };
    Paged {
        words,
        previous: (page > 1).then(|| address_of(feed, (page - 1).min(pages), language)),
        next: (page < pages).then(|| address_of(feed, page + 1, language)),
    }
}

/// Which sources are late, by name.
fn message(feeds: usize, late: &[(u8, FeedRow)], language: Language) -> String {
    let named: Vec<&str> = late.iter().take(NAMED_MAX).map(|(_, row)| row.name.as_str()).collect();
    let names = named.join("; ");
    let more = late.len() - named.len();
    match (language, late.len(), more) {
        (Language::Vi, 0, _) => format!("Cả {feeds} nguồn số liệu đang đúng hạn"),
        (Language::En, 0, _) => format!("All {feeds} sources are on time"),
        (Language::Vi, n, 0) => format!("{n} trong {feeds} nguồn số liệu chậm hoặc lỗi: {names}"),
        (Language::En, n, 0) => format!("{n} of {feeds} sources are late or failing: {names}"),
        (Language::Vi, n, _) => format!("{n} trong {feeds} nguồn số liệu chậm hoặc lỗi: {names} và {more} nguồn khác"),
        (Language::En, n, _) => format!("{n} of {feeds} sources are late or failing: {names} and {more} more"),
    }
}

fn name_of(health: &FeedHealth, language: Language) -> String {
    match language {
        Language::Vi => health.name_vi.clone(),
        Language::En => health.name_en.clone(),
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
    let last = health.last_run.as_ref().map(|run| run_sentence(&facts(run), language)).unwrap_or_default();
    let row = FeedRow {
        code: health.code.clone(),
        name: name_of(health, language),
        class: state_class(state),
        mark: state_mark(state),
        word,
        why: if state == State::OnTarget { String::new() } else { why(health, &last, language) },
        last_good: health.last_good.map_or_else(never, |at| instant(at, language)),
        age: health.age_days.map(days).unwrap_or_default(),
        promise: health.freshness_days.map(|n| days(i64::from(n))).unwrap_or_default(),
        next: health.next.map(|at| instant(Vintage::from_instant(at), language)).unwrap_or_default(),
        last,
        rejected: if health.rejected > 0 { count(health.rejected as usize, language) } else { String::new() },
        rejected_url: address_of(Some(&health.code), 1, language),
    };
    (state_rank(state), row)
}

/// What is wrong with a feed: its failing run, or for how long it has brought nothing.
fn why(health: &FeedHealth, last: &str, language: Language) -> String {
    if health.is_failing() {
        return last.to_owned();
    }
    match (language, health.age_days, health.freshness_days.unwrap_or_default()) {
        (Language::Vi, Some(age), limit) => format!("đã {age} ngày không có số mới, cam kết {limit} ngày"),
        (Language::En, Some(age), limit) => format!("no news for {age} days, {limit} are promised"),
        (Language::Vi, None, _) => "chưa bao giờ có số liệu".to_owned(),
        (Language::En, None, _) => "never brought any figures".to_owned(),
    }
}

fn facts(run: &RunRow) -> RunFacts<'_> {
    let end = match run.outcome {
        RunOutcome::Ok => RunEnd::Taken,
        RunOutcome::Unchanged => RunEnd::Unchanged,
        RunOutcome::Refused => RunEnd::Refused,
        RunOutcome::Failed => RunEnd::Failed,
    };
    let [read, new, rejected] = [run.rows_read, run.rows_new, run.rows_rejected].map(|n| n.max(0) as usize);
    RunFacts { end, read, new, rejected, message: &run.message }
}

fn run_line(run: &RunRow, language: Language) -> RunLine {
    let facts = facts(run);
    let is_bad = matches!(facts.end, RunEnd::Refused | RunEnd::Failed);
    RunLine {
        feed: run.feed.clone(),
        at: instant(run.finished_at, language),
        class: if is_bad { "bad" } else { "plain" },
        word: run_word(facts.end, language),
        sentence: run_sentence(&facts, language),
        log: run.message.clone(),
        url: run.url.clone().unwrap_or_default(),
    }
}

fn rejected_line(row: &RejectedRow, language: Language) -> RejectedLine {
    let words = rejection_words(&row.reason, language);
    RejectedLine {
        feed: row.feed.clone(),
        file: row.source_ref.clone(),
        row: row.row.map(|n| n.to_string()).unwrap_or_default(),
        column: row.column.clone().unwrap_or_default(),
        value: row.value.clone().unwrap_or_default(),
        log: (words != row.reason).then(|| row.reason.clone()),
        words,
    }
}

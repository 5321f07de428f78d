//! `/cases/{id}`: one report: where it stands, its rounds, who had it, everything that happened, and where it comes from.

use askama::Template;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::question::{CaseView, Look, given};
use crate::cases::views::{Axis, CaseState};
use crate::compute::CaseFile;
use crate::domain::case::{CaseHistory, DueTimeline, Ending, Moment, Round};
use crate::feed::cases::{Origin, origin};
use crate::present::{
    Language, case_state, case_state_word, duration_words, ending_word, event_word, instant, pick, release_word,
    state_class, state_mark,
};
use crate::web::api::cases::CaseParams;
use crate::web::pages::address;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::shell::Shell;
use crate::web::state::ApiState;

/// Reports named where one is not found.
const NEAR: usize = 5;
/// Identifiers compared for that at most, the newest first: a mistyped one is mostly of late.
const COMPARED: usize = 100_000;

/// One handling round.
struct RoundRow {
    number: u16,
    from: String,
    to: String,
    ending: &'static str,
    first_due: String,
    due: String,
    late: String,
    worked: String,
}

/// The turn of an authority.
struct TurnRow {
    org: String,
    url: String,
    from: String,
    accepted: String,
    to: String,
    release: &'static str,
    due: String,
    late: String,
}

/// One thing that happened.
struct Happened {
    at: String,
    what: String,
    class: &'static str,
    detail: String,
}

/// Where it comes from.
struct Source {
    feed: String,
    place: String,
    pulled: String,
    run: String,
    versions: String,
}

#[derive(Template)]
#[template(path = "cases_case.html")]
struct CasePage {
    s: Shell,
    id: String,
    message: String,
    above: Vec<(String, String)>,
    class: &'static str,
    mark: &'static str,
    state: &'static str,
    facts: Vec<(&'static str, String, Option<String>)>,
    rounds: Vec<RoundRow>,
    turns: Vec<TurnRow>,
    events: Vec<Happened>,
    source: Source,
}

/// `/cases/{id}`.
pub async fn case(
    Held(state): Held<ApiState>,
    Path(id): Path<String>,
    Query(params): Query<CaseParams>,
    Query(look): Query<Look>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = look.language();
    // The page is of one report: of the question only the instant and the feed go for it.
    let feed = params.feed.clone();
    let view = CaseView::read(CaseParams { as_of: params.as_of, ..CaseParams::default() }, &look, &state).await?;
    let at = address(&uri);
    let reply = view.reply(&state, &headers, &at);
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let failed = |e| PageProblem::failed(language, &e);
    let file = state.engine.case_file(&id, given(&feed)).await.map_err(failed)?;
    let known = crate::cases::moment(view.asked.question.cut.last());
    let file = file.filter(|file| file.row.record.received_at <= known);
    let Some(file) = file else { return Err(unknown(&view, &id)) };
    let area = file.row.record.area.as_deref().unwrap_or_default();
    if !state.scope.allows_area(area) {
        return Err(PageProblem::forbidden(language, area));
    }
    let (raw, of_feed, run) = (state.raw.clone(), file.row.feed.clone(), file.row.run_id.clone());
    let of_case = id.clone();
    let origin = tokio::task::spawn_blocking(move || origin(&raw, &of_feed, &run, &of_case)).await;
    // The bytes may have been moved away: the page says the file then, not the line.
    let origin = origin.ok().and_then(Result::ok).flatten();
    reply.write(&page(&view, &file, origin, known))
}

/// Reports whose identifier is written much like the one asked for.
fn unknown(view: &CaseView, id: &str) -> PageProblem {
    let batches = view.asked.cases.book.batches().iter().rev();
    let cases = batches.flat_map(|batch| (0..batch.len() as u32).rev().map(move |case| (batch, case)));
    let others = cases.take(COMPARED).filter(|(batch, case)| batch.is_live(*case)).map(|(batch, case)| batch.id(case));
    // One or two wrong, missing or additional letters: others are not worth comparing.
    let alike = others.filter(|other| other.len().abs_diff(id.len()) <= 2);
    let mut near: Vec<(usize, &str)> = alike.map(|other| (strsim::damerau_levenshtein(other, id), other)).collect();
    near.retain(|(far, _)| *far <= 2);
    near.sort_unstable();
    near.truncate(NEAR);
    let mut ways: Vec<(String, String)> =
        near.iter().map(|(_, other)| ((*other).to_owned(), view.case_url(other, ""))).collect();
    ways.push((view.t("Danh sách hồ sơ", "List of reports").to_owned(), view.url("/cases/list", &[])));
    PageProblem::unknown(view.language, view.t("phản ánh", "report"), id, ways)
}

fn page(view: &CaseView, file: &CaseFile, origin: Option<Origin>, known: Moment) -> CasePage {
    let history = file.history.as_of(known);
    let language = view.language;
    let record = &file.row.record;
    let state = state_of(&history, known);
    let shown = case_state(state);
    let late = history.rounds.last().map(|round| late_by(&round.due, round.ended_at, known)).unwrap_or_default();
    let id = record.id.to_string();
    let word = case_state_word(state, language);
    let message = message(&id, state, late, language);
    let mut s = Shell::new(language, &id, &format!("/cases/{id}"));
    s.rest = view.query(&[("lang", "")]);
    s.foot = view.foot();
    let area = record.area.as_deref().unwrap_or_default();
    let mut above = vec![("1022".to_owned(), view.url("/cases", &[]))];
    if !area.is_empty() {
        above.push((view.names().of(Axis::Ward, area), view.url("/cases/list", &[("area", area)])));
    }
    CasePage {
        s,
        message,
        above,
        class: state_class(shown),
        mark: state_mark(shown),
        state: word,
        facts: facts(view, file),
        rounds: history.rounds.iter().map(|round| round_row(round, known, language)).collect(),
        turns: turns(view, &history, known),
        events: events(view, file, &history, known),
        source: source(view, file, origin),
        id,
    }
}

fn facts(view: &CaseView, file: &CaseFile) -> Vec<(&'static str, String, Option<String>)> {
    let (record, names) = (&file.row.record, view.names());
    let area = record.area.as_deref().unwrap_or_default();
    let org = record.org.as_deref().unwrap_or_default();
    let list = |name: &str, code: &str| view.url("/cases/list", &[(name, code)]);
    let mut facts = vec![
        (
            view.t("Lĩnh vực", "Category"),
            names.of(Axis::Category, &record.category),
            Some(list("category", &record.category)),
        ),
        (view.t("Địa bàn", "Area"), names.of(Axis::Ward, area), (!area.is_empty()).then(|| list("area", area))),
        (view.t("Đơn vị xử lý", "Authority"), names.of(Axis::Org, org), (!org.is_empty()).then(|| list("org", org))),
        (
            view.t("Kênh tiếp nhận", "Channel"),
            names.of(Axis::Channel, &record.channel),
            Some(list("channel", &record.channel)),
        ),
        (view.t("Tiếp nhận", "Received"), time(record.received_at, view.language), None),
    ];
    if let Some(parent) = record.parent.as_deref() {
        let url = view.case_url(parent, &file.row.feed);
        facts.push((view.t("Gộp vào", "Merged into"), parent.to_owned(), Some(url)));
    }
    facts
}

fn time(at: Moment, language: Language) -> String {
    instant(at.vintage(), language)
}

/// Seconds past the deadline at the end, or now; 0 if not past it.
fn late_by(due: &DueTimeline, ended: Option<Moment>, known: Moment) -> u32 {
    let until = ended.unwrap_or(known);
    due.at(until).map_or(0, |due| u32::try_from((until.0 - due.0).max(0)).unwrap_or(u32::MAX))
}

/// Where the newest round stands, by the same rules as the list.
fn state_of(history: &CaseHistory, known: Moment) -> CaseState {
    let Some(round) = history.rounds.last() else { return CaseState::Open };
    let is_late = late_by(&round.due, round.ended_at, known) > 0;
    match round.ending {
        // A deadline counts as passed from its own second on, an answer is late from the second after.
        Ending::Open => match round.due.at(known) {
            Some(due) if due <= known => CaseState::Overdue,
            None if !round.due.steps().is_empty() => CaseState::Paused,
            _ => CaseState::Open,
        },
        Ending::Answered if is_late => CaseState::AnsweredLate,
        Ending::Answered => CaseState::AnsweredOnTime,
        Ending::Rejected => CaseState::Rejected,
        Ending::Merged => CaseState::Merged,
    }
}

fn late_words(late: u32, language: Language) -> String {
    if late == 0 { String::new() } else { duration_words(late, language) }
}

fn worked_words(seconds: u32, language: Language) -> String {
    let hours = crate::gallery::Words(language).number(f64::from(seconds) / 3600.0, 1);
    format!("{hours}\u{a0}{}", pick(language, "giờ", "hours"))
}

/// "đã trả lời, trễ 2,8 ngày".
fn message(id: &str, state: CaseState, late: u32, language: Language) -> String {
    let by = duration_words(late, language);
    match (state, language) {
        (CaseState::Overdue, Language::Vi) => format!("Phản ánh {id}: quá hạn {by}, chưa trả lời"),
        (CaseState::Overdue, Language::En) => format!("Report {id}: {by} overdue, not answered"),
        (CaseState::AnsweredLate, Language::Vi) => format!("Phản ánh {id}: đã trả lời, trễ {by}"),
        (CaseState::AnsweredLate, Language::En) => format!("Report {id}: answered {by} late"),
        (state, Language::Vi) => format!("Phản ánh {id}: {}", case_state_word(state, language)),
        (state, Language::En) => format!("Report {id}: {}", case_state_word(state, language)),
    }
}

fn round_row(round: &Round, known: Moment, language: Language) -> RoundRow {
    let at = |moment: Option<Moment>| moment.map(|at| time(at, language)).unwrap_or_default();
    RoundRow {
        number: round.number,
        from: time(round.started_at, language),
        to: at(round.ended_at),
        ending: ending_word(round.ending, language),
        first_due: at(round.due.original()),
        due: at(round.due.at(round.ended_at.unwrap_or(known))),
        late: late_words(late_by(&round.due, round.ended_at, known), language),
        // Hours and never days: a working day is eight of them.
        worked: round.worked_seconds.map(|seconds| worked_words(seconds, language)).unwrap_or_default(),
    }
}

fn turns(view: &CaseView, history: &CaseHistory, known: Moment) -> Vec<TurnRow> {
    let (names, language) = (view.names(), view.language);
    let at = |moment: Option<Moment>| moment.map(|at| time(at, language)).unwrap_or_default();
    let row = |turn: &crate::domain::case::Holding| TurnRow {
        org: names.of(Axis::Org, &turn.org),
        url: view.url("/cases/list", &[("org", &turn.org)]),
        from: time(turn.from, language),
        accepted: at(turn.accepted_at.filter(|at| *at <= known)),
        to: at(turn.to),
        release: release_word(turn.release, language),
        due: at(turn.due.at(turn.to.unwrap_or(known))),
        late: late_words(late_by(&turn.due, turn.to, known), language),
    };
    history.holdings.iter().map(row).collect()
}

/// Everything that happened up to now, with the deadlines that passed among it.
fn events(view: &CaseView, file: &CaseFile, history: &CaseHistory, known: Moment) -> Vec<Happened> {
    let (names, language) = (view.names(), view.language);
    let mut all: Vec<(Moment, u32, Happened)> = Vec::new();
    let record = &file.row.record;
    for event in record.events.iter().filter(|event| event.at <= known) {
        let mut detail = Vec::new();
        detail.extend(event.org.as_deref().map(|org| names.of(Axis::Org, org)));
        detail.extend(event.due.map(|due| format!("{} {}", view.t("hạn mới", "new deadline"), time(due, language))));
        detail.extend(event.satisfied.map(|content| {
            if content { view.t("hài lòng", "content") } else { view.t("không hài lòng", "not content") }.to_owned()
        }));
        let what = event_word(event.kind, language).to_owned();
        let happened = Happened { at: time(event.at, language), what, class: "", detail: detail.join(" · ") };
        all.push((event.at, event.seq, happened));
    }
    for round in &history.rounds {
        let due = round.due.at(round.ended_at.unwrap_or(known));
        let Some(due) = due.filter(|due| *due < round.ended_at.unwrap_or(known)) else { continue };
        let what = view.t("Hết hạn xử lý, chưa trả lời", "Deadline passed without an answer").to_owned();
        all.push((due, u32::MAX, Happened { at: time(due, language), what, class: "off", detail: String::new() }));
    }
    all.sort_by_key(|(at, seq, _)| (*at, *seq));
    all.into_iter().map(|(_, _, happened)| happened).collect()
}

fn source(view: &CaseView, file: &CaseFile, origin: Option<Origin>) -> Source {
    let language = view.language;
    let url = origin.as_ref().map(|origin| origin.url.clone()).or_else(|| file.run.as_ref()?.url.clone());
    let line = origin.and_then(|origin| origin.line);
    let place = match (url, line) {
        (Some(url), Some(line)) => format!("{url}, {} {line}", pick(language, "dòng", "line")),
        (Some(url), None) => url,
        (None, _) => String::new(),
    };
    Source {
        feed: file.row.feed.to_string(),
        place,
        pulled: instant(file.row.recorded_at, language),
        run: file.row.run_id.to_string(),
        versions: match (file.versions, language) {
            (1, Language::Vi) => "một phiên bản".to_owned(),
            (1, Language::En) => "one version".to_owned(),
            (n, Language::Vi) => format!("bản mới nhất trong {n} phiên bản"),
            (n, Language::En) => format!("the newest of {n} versions"),
        },
    }
}

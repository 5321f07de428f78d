//! `/cases/backlog`: what is open and how old, what came and went, how long an answer takes, by which channel it came.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use super::filters::{CaseFrame, Way};
use super::question::{CaseView, Look, axis, given};
use crate::cases::counting::Flow;
use crate::cases::views::{
    Axis, Backlog, FlowPeriod, Lens, backlog_by, crosstab, flow as flow_by, survival as survival_of,
};
use crate::chart::{Chart, Size};
use crate::gallery::{self, GalleryError, Words};
use crate::web::api::cases::CaseParams;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::reading::drawn;
use crate::web::pages::shell::Shell;
use crate::web::state::ApiState;

/// Units that the backlog can be broken down by.
const UNITS: [Axis; 5] = [Axis::District, Axis::Ward, Axis::Org, Axis::Category, Axis::Channel];
/// Units listed at most.
const MOST_UNITS: usize = 40;
/// Days at which the share answered is named.
const DAYS: [u32; 6] = [1, 3, 5, 10, 15, 30];
/// Widths of drawings: half a desktop, a phone.
const WIDTHS: [u32; 2] = [660, 360];

/// A chart in two widths with its sentence.
struct Drawing {
    broad: String,
    narrow: String,
    sentence: String,
}

/// What a unit has open.
struct PileRow {
    name: String,
    open: String,
    open_url: String,
    overdue: String,
    overdue_url: String,
    by_age: [String; 4],
    by_overdue: [String; 4],
    oldest: Option<(String, String)>,
}

/// One period of what came and went.
struct FlowRow {
    period: String,
    inflow: String,
    outflow: String,
    open: String,
    overdue: String,
}

/// One channel.
struct ChannelRow {
    name: String,
    received: String,
    part: String,
    bar: u32,
    late: String,
    on_time: String,
    url: String,
}

#[derive(Template)]
#[template(path = "cases_backlog.html")]
struct BacklogPage {
    s: Shell,
    f: CaseFrame,
    by: Vec<Way>,
    heading: String,
    pile: Drawing,
    piles: Vec<PileRow>,
    hidden: usize,
    flow: Drawing,
    flows: Vec<FlowRow>,
    survival: Drawing,
    answered: Vec<(u32, String, String)>,
    channels: Vec<ChannelRow>,
}

/// `/cases/backlog`.
pub async fn backlog(
    state: Held<ApiState>,
    params: Query<CaseParams>,
    look: Query<Look>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    answer((state, params, look, uri, headers), page).await
}

fn page(view: &CaseView, look: &Look) -> Result<BacklogPage, PageProblem> {
    let lens = view.lens()?;
    let by = axis(view.language, ("by", &look.by), &UNITS, view.usual_rows(&lens))?;
    let kept = vec![("by", given(&look.by).unwrap_or_default().to_owned())];
    let mut f = CaseFrame::new(view, "/cases/backlog", kept);
    let chart = |chart: Result<Chart, GalleryError>| chart.map_err(|e| view.chart_problem(&e));
    let charted = view.charted();
    let pile = chart(gallery::backlog(&charted, Axis::Total))?;
    f.message.clone_from(&pile.frame().title);
    f.sub.clone_from(&pile.frame().subtitle);
    let mut piles =
        backlog_by(&lens, &view.catalog.calendar, by).map_err(|e| PageProblem::failed(view.language, &e))?;
    piles.sort_by(|a, b| (b.open_overdue, b.open, &a.code).cmp(&(a.open_overdue, a.open, &b.code)));
    let words = view.words();
    let way = |axis: &Axis| Way {
        label: Words::upper(&words.units(*axis)),
        url: view.url("/cases/backlog", &[("by", axis.as_str())]),
        current: *axis == by,
    };
    Ok(BacklogPage {
        by: UNITS.iter().map(way).collect(),
        heading: Words::upper(words.unit(by)),
        pile: drawing(&pile),
        hidden: piles.len().saturating_sub(MOST_UNITS),
        piles: piles.iter().take(MOST_UNITS).map(|pile| pile_row(view, by, pile)).collect(),
        flow: drawing(&chart(gallery::flow(&charted, Axis::Month))?),
        flows: flows(view, &lens)?,
        survival: drawing(&chart(gallery::survival(&charted, Axis::Total))?),
        answered: answered(view, &lens),
        channels: channels(view, &lens)?,
        s: f.shell(view),
        f,
    })
}

fn drawing(chart: &Chart) -> Drawing {
    let at = |width: u32| drawn(chart, Size::new(width, chart.fitting_height(width)));
    let frame = chart.frame();
    let told = if frame.description.is_empty() { &frame.subtitle } else { &frame.description };
    Drawing { broad: at(WIDTHS[0]), narrow: at(WIDTHS[1]), sentence: format!("{}. {told}", frame.title) }
}

fn pile_row(view: &CaseView, by: Axis, pile: &Backlog) -> PileRow {
    let words = view.words();
    let filter = match by {
        Axis::Org => "org",
        Axis::Category => "category",
        Axis::Channel => "channel",
        _ => "area",
    };
    let list = |which: &str| view.url("/cases/list", &[(filter, &pile.code), ("which", which)]);
    PileRow {
        name: view.names().of(by, &pile.code),
        open: words.count(pile.open),
        open_url: list("open"),
        overdue: words.count(pile.open_overdue),
        overdue_url: list("open_overdue"),
        by_age: pile.by_age.map(|n| words.count(n)),
        by_overdue: pile.by_overdue_days.map(|n| words.count(n)),
        oldest: pile.oldest.as_ref().map(|case| (case.id.clone(), view.case_url(&case.id, &case.feed))),
    }
}

/// What came and went month by month of the window, the newest first.
fn flows(view: &CaseView, lens: &Lens<'_>) -> Result<Vec<FlowRow>, PageProblem> {
    let series = flow_by(lens, Axis::Month).map_err(|e| view.question_problem(&e))?;
    let (words, names) = (view.words(), view.names());
    let row = |period: &FlowPeriod| FlowRow {
        period: names.of(Axis::Month, &period.key),
        inflow: words.count(period.inflow()),
        outflow: words.count(period.outflow()),
        open: words.count(period.open),
        overdue: words.count(period.open_overdue),
    };
    Ok(series.periods.iter().rev().map(row).collect())
}

/// Share answered within some days, with how many were followed so long.
fn answered(view: &CaseView, lens: &Lens<'_>) -> Vec<(u32, String, String)> {
    let words = view.words();
    let curve = survival_of(lens, &DAYS);
    let row = |at: &crate::cases::views::AtDay| {
        let share = at.answered.map_or_else(|| "–".to_owned(), |share| words.percent(share));
        (at.days, share, words.count(at.at_risk))
    };
    curve.at_days.iter().map(row).collect()
}

/// Channels by what came in through them.
fn channels(view: &CaseView, lens: &Lens<'_>) -> Result<Vec<ChannelRow>, PageProblem> {
    let table = crosstab(lens, Axis::Channel, Axis::Total).map_err(|e| view.question_problem(&e))?;
    let (words, names) = (view.words(), view.names());
    let all = table.total.get(Flow::Received);
    let mut rows: Vec<_> = table.rows.iter().zip(&table.row_totals).collect();
    rows.sort_by(|a, b| b.1.get(Flow::Received).cmp(&a.1.get(Flow::Received)).then(a.0.cmp(b.0)));
    let row = |(code, tally): (&std::sync::Arc<str>, &crate::cases::views::Tally)| {
        let received = tally.get(Flow::Received);
        let part = if all == 0 { 0.0 } else { f64::from(received) / f64::from(all) };
        let percent =
            |share: crate::cases::views::Share| share.shown().map_or_else(|| "–".to_owned(), |s| words.percent(s));
        ChannelRow {
            name: names.of(Axis::Channel, code),
            received: words.count(received),
            part: words.percent(part),
            bar: (part * 100.0).round() as u32,
            late: percent(tally.overdue(lens.basis)),
            on_time: percent(tally.on_time(lens.basis)),
            url: view.url("/cases/list", &[("channel", code), ("which", "received")]),
        }
    };
    Ok(rows.into_iter().map(row).collect())
}

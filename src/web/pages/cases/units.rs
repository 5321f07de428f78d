//! `/cases/units`: units by their share overdue with the number behind it, what came back, figures worth a look.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use super::filters::{CaseFrame, Way};
use super::front::ROWS;
use super::heat::door;
use super::question::{CaseView, Look, axis, given};
use crate::cases::views::{
    Axis, Flag, FlagKind, GamingRules, Lens, Ranked, ReReports, Share, gaming, ranking, rereports,
};
use crate::gallery::{self, Words};
use crate::present::{flag_words, signed};
use crate::web::api::cases::CaseParams;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::shell::Shell;
use crate::web::state::ApiState;

/// Units listed at most; of wards, more would be no ranking.
const MOST_UNITS: usize = 60;
/// Pairs of unit and category listed with what came back.
const MOST_PAIRS: usize = 12;

/// One unit.
struct UnitRow {
    rank: String,
    name: String,
    url: Option<String>,
    share: String,
    /// Percent, for the bar; 0 with too few cases.
    bar: u32,
    n: String,
    late: String,
    late_url: String,
    /// Class, arrow and text of the change on the window before.
    change: Option<(&'static str, &'static str, String)>,
    open: String,
    open_url: String,
    open_overdue: String,
    open_overdue_url: String,
    came_back: String,
}

/// What came back to a unit in a category.
struct PairRow {
    unit: String,
    category: String,
    share: String,
    words: String,
    url: String,
}

/// A figure worth a look.
struct FlagRow {
    org: String,
    url: String,
    share: String,
    words: String,
    others: String,
    examples: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "cases_units.html")]
struct UnitsPage {
    s: Shell,
    f: CaseFrame,
    by: Vec<Way>,
    heading: String,
    average: String,
    rows: Vec<UnitRow>,
    hidden: usize,
    back_total: String,
    pairs: Vec<PairRow>,
    flags: Vec<(&'static str, Vec<FlagRow>)>,
}

/// `/cases/units`.
pub async fn units(
    state: Held<ApiState>,
    params: Query<CaseParams>,
    look: Query<Look>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    answer((state, params, look, uri, headers), page).await
}

fn page(view: &CaseView, look: &Look) -> Result<UnitsPage, PageProblem> {
    let lens = view.lens()?;
    let by = axis(view.language, ("by", &look.by), &ROWS, view.usual_rows(&lens))?;
    let failed = |e| view.question_problem(&e);
    let ranked = ranking(&lens, by).map_err(failed)?;
    let back = rereports(&lens, by).map_err(failed)?;
    let chart = gallery::ranking(&view.charted(), by).map_err(|e| view.chart_problem(&e))?;
    let kept = vec![("by", given(&look.by).unwrap_or_default().to_owned())];
    let mut f = CaseFrame::new(view, "/cases/units", kept);
    f.message.clone_from(&chart.frame().title);
    f.sub.clone_from(&chart.frame().subtitle);
    let came_back: BTreeMap<&str, Share> = back.units.iter().map(|(code, share)| (&**code, *share)).collect();
    let all = ranked.ranked.iter().chain(&ranked.small);
    let rows: Vec<UnitRow> = all.take(MOST_UNITS).map(|unit| unit_row(view, by, unit, &came_back)).collect();
    let words = view.words();
    let way = |axis: &Axis| Way {
        label: Words::upper(&words.units(*axis)),
        url: view.url("/cases/units", &[("by", axis.as_str())]),
        current: *axis == by,
    };
    Ok(UnitsPage {
        by: ROWS.iter().map(way).collect(),
        heading: Words::upper(words.unit(by)),
        average: share_words(view, ranked.average),
        hidden: (ranked.ranked.len() + ranked.small.len()).saturating_sub(rows.len()),
        rows,
        back_total: share_words(view, back.total),
        pairs: pairs(view, by, &back),
        flags: flags(view, &lens),
        s: f.shell(view),
        f,
    })
}

/// "8,6 %, 812/9.441", and no percentage of a handful.
fn share_words(view: &CaseView, share: Share) -> String {
    let words = view.words();
    let (part, n) = (words.count(share.part), words.count(share.cases));
    match share.shown() {
        Some(value) => format!("{} ({part}/{n})", words.percent(value)),
        None => format!("{part}/{n}"),
    }
}

fn unit_row(view: &CaseView, by: Axis, unit: &Ranked, came_back: &BTreeMap<&str, Share>) -> UnitRow {
    let words = view.words();
    let filter = if by == Axis::Org { "org" } else { "area" };
    let list = |which: &str| view.url("/cases/list", &[(filter, &unit.code), ("which", which)]);
    let change = unit.change.map(|change| {
        let points = change * 100.0;
        let text = format!("{}\u{a0}{}", signed(points, 1, view.language), view.t("điểm %", "points"));
        match (points * 10.0).round() {
            p if p > 0.0 => ("bad", "▲", text),
            p if p < 0.0 => ("good", "▼", text),
            _ => ("plain", "→", text),
        }
    });
    UnitRow {
        rank: if unit.rank == 0 { "–".to_owned() } else { unit.rank.to_string() },
        name: view.names().of(by, &unit.code),
        url: door(view, (by, &unit.code), None),
        share: unit.overdue.shown().map_or_else(String::new, |share| words.percent(share)),
        bar: unit.overdue.shown().map_or(0, |share| (share * 100.0).round() as u32),
        n: words.count(unit.overdue.cases),
        late: words.count(unit.overdue.part),
        late_url: list("overdue"),
        change,
        open: words.count(unit.tally.open),
        open_url: list("open"),
        open_overdue: words.count(unit.tally.open_overdue),
        open_overdue_url: list("open_overdue"),
        came_back: came_back.get(&*unit.code).map_or_else(String::new, |share| share_words(view, *share)),
    }
}

/// Pairs of unit and category with the highest shares of answers that the citizen did not accept.
fn pairs(view: &CaseView, by: Axis, back: &ReReports) -> Vec<PairRow> {
    let mut pairs: Vec<_> =
        back.pairs.iter().filter(|(unit, _, share)| !unit.is_empty() && !share.is_small()).collect();
    pairs.retain(|(_, _, share)| share.part > 0);
    pairs.sort_by(|a, b| b.2.cmp_share(a.2).then(b.2.cases.cmp(&a.2.cases)).then((&a.0, &a.1).cmp(&(&b.0, &b.1))));
    let (names, words) = (view.names(), view.words());
    let filter = if by == Axis::Org { "org" } else { "area" };
    let row = |(unit, category, share): &(std::sync::Arc<str>, std::sync::Arc<str>, Share)| PairRow {
        unit: names.of(by, unit),
        category: names.of(Axis::Category, category),
        share: share.shown().map_or_else(String::new, |share| words.percent(share)),
        words: format!("{}/{}", words.count(share.part), words.count(share.cases)),
        url: view.url("/cases/list", &[(filter, unit), ("category", category), ("which", "closed")]),
    };
    pairs.into_iter().take(MOST_PAIRS).map(row).collect()
}

/// Figures that the rules find worth a look, by what they are about.
fn flags(view: &CaseView, lens: &Lens<'_>) -> Vec<(&'static str, Vec<FlagRow>)> {
    let found = gaming(lens, &GamingRules::default());
    let (names, words) = (view.names(), view.words());
    let row = |flag: &Flag| FlagRow {
        org: names.of(Axis::Org, &flag.org),
        url: view.url("/cases/list", &[("org", &flag.org), ("which", "closed")]),
        share: flag.share.shown().map_or_else(String::new, |share| words.percent(share)),
        words: match flag.largest_bulk {
            0 => format!("{}/{}", words.count(flag.share.part), words.count(flag.share.cases)),
            bulk => {
                let most = view.t("nhiều nhất một lần", "largest bulk");
                format!("{}/{}, {most} {bulk}", words.count(flag.share.part), words.count(flag.share.cases))
            }
        },
        others: flag.others.value().map_or_else(String::new, |share| words.percent(share)),
        examples: flag.examples.iter().map(|id| (id.clone(), view.case_url(id, ""))).collect(),
    };
    let of_kind = |kind: FlagKind| {
        let raised = found.flags.iter().filter(|flag| flag.kind == kind && flag.is_raised);
        (flag_words(kind, view.language), raised.map(row).collect::<Vec<_>>())
    };
    FlagKind::ALL.into_iter().map(of_kind).filter(|(_, rows)| !rows.is_empty()).collect()
}

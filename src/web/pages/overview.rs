//! Toàn cảnh: the 20 groups, worst first, and what needs attention.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::cases::glance::{CasesGlance, glance};
use super::problem::PageProblem;
use super::reading::{Found, Glance, Reading, head_of, score_words};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::chart::Size;
use crate::domain::{Freq, Period};
use crate::present::{
    Language, State, Tally, group_state, label_of, pick, plan_words, spoken, state_class, state_mark, state_rank,
    state_word,
};
use crate::web::state::ApiState;

/// How many gaps are listed.
const GAPS_MAX: usize = 7;
/// How much is listed beside citizens' reports, units that are late with them included: their heatmap is as high.
const ATTENTION_MAX: usize = 11;
/// Authorities with late figures that are in sight; the others are one click away.
const BEHIND_SHOWN: usize = 3;
/// The little line of a tile.
const TILE_LINE: Size = Size::new(240, 40);

/// One group.
pub struct Tile {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its page.
    pub url: String,
    /// Class of the state.
    pub class: &'static str,
    /// Shape of the state.
    pub mark: &'static str,
    /// The state in a word.
    pub word: &'static str,
    /// How many of its indicators are on target.
    pub score: String,
    /// The figure that stands for the group; `None` where none is there.
    pub head: Option<Glance>,
    /// Page of the figure.
    pub head_url: String,
}

/// One thing that needs attention.
pub struct Attention {
    /// Class of the state.
    pub class: &'static str,
    /// Shape of the state.
    pub mark: &'static str,
    /// The state in a word.
    pub word: &'static str,
    /// Name.
    pub name: String,
    /// What is wrong.
    pub words: String,
    /// Its page.
    pub url: String,
}

/// Indicators of one authority that are behind.
struct Behind {
    owner: String,
    words: String,
    url: String,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    s: Shell,
    p: Pickers,
    message: String,
    tally: Tally,
    tiles: Vec<Tile>,
    gaps: Vec<Attention>,
    cases: Option<CasesGlance>,
    behind: Vec<Behind>,
    behind_more: Vec<Behind>,
}

/// `/`.
pub async fn overview(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    reply.write(&page(&state, &view))
}

fn page(state: &ApiState, view: &View) -> OverviewPage {
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let found = read(&reading, view);
    let tally = Tally::of(found.iter().map(|f| f.judgement.state));
    let title = pick(view.language, "Toàn cảnh", "Overview");
    let cases = glance(state, view);
    let most = cases.as_ref().map_or(GAPS_MAX, |cases| ATTENTION_MAX - cases.worst.len());
    let mut behind = behind(state, view, &found);
    let behind_more = behind.split_off(behind.len().min(BEHIND_SHOWN));
    let mut s = Shell::new(view.language, title, "/");
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(view);
    OverviewPage {
        p: Pickers::new(view, &state.catalog, "/", &Freq::ALL, true),
        message: message(view, &tally),
        tiles: tiles(&reading, view, &found),
        gaps: largest_gaps(&reading, view, &found, most),
        cases,
        behind,
        behind_more,
        s,
        tally,
    }
}

/// The figures of all indicators that are published for the area's level.
pub fn read<'a>(reading: &Reading<'a>, view: &View) -> Vec<Found<'a>> {
    let published = reading.catalog.indicators.values().filter(|i| i.level >= view.area_kind);
    published.filter_map(|i| reading.find(i, &view.area, view.period)).collect()
}

fn message(view: &View, tally: &Tally) -> String {
    let period = label_of(view.period, view.language);
    let place = if view.is_city() { String::new() } else { format!("{}: ", view.area_name) };
    if tally.judged() == 0 {
        return match view.language {
            Language::Vi => {
                format!("{place}{period}: {} chỉ tiêu có số liệu, chưa có kế hoạch để đánh giá", tally.all())
            }
            Language::En => format!("{place}{period}: {} indicators with figures, no plan to judge by", tally.all()),
        };
    }
    match view.language {
        Language::Vi => format!(
            "{place}{period}: {} trong {} chỉ tiêu đánh giá được đạt tiến độ, {} không đạt",
            tally.on,
            tally.judged(),
            tally.off
        ),
        Language::En => {
            format!(
                "{place}{period}: {} of {} assessed indicators on target, {} off",
                tally.on,
                tally.judged(),
                tally.off
            )
        }
    }
}

/// The groups, worst first; those without a figure last.
pub fn tiles(reading: &Reading<'_>, view: &View, found: &[Found<'_>]) -> Vec<Tile> {
    let mut tiles: Vec<(State, f64, Tile)> = Vec::new();
    for group in reading.catalog.groups.values() {
        let own: Vec<Found<'_>> = found.iter().filter(|f| f.indicator.group == group.code).copied().collect();
        let tally = Tally::of(own.iter().map(|f| f.judgement.state));
        let state = group_state(tally);
        let worst = own.iter().filter_map(|f| f.judgement.gap).fold(0.0, f64::min);
        let head = head_of(group, &own).map(|f| reading.glance(f, TILE_LINE));
        let head_url = head.as_ref().map(|h| view.url(&format!("/indicators/{}", h.code), &[])).unwrap_or_default();
        let name = match view.language {
            Language::Vi => &group.name_vi,
            Language::En => &group.name_en,
        };
        let tile = Tile {
            code: group.code.clone(),
            name: name.clone(),
            url: view.url(&format!("/groups/{}", group.code), &[]),
            class: state_class(state),
            mark: state_mark(state),
            word: state_word(state, view.language),
            score: score_words(&tally, view.language),
            head,
            head_url,
        };
        tiles.push((state, worst, tile));
    }
    // Groups without a figure come last; among equals the largest gap first.
    tiles.sort_by(|a, b| {
        let key = |t: &(State, f64, Tile)| (t.2.head.is_none(), state_rank(t.0));
        key(a).cmp(&key(b)).then(a.1.total_cmp(&b.1))
    });
    tiles.into_iter().map(|(_, _, tile)| tile).collect()
}

/// The largest gaps to plans, and warnings.
pub fn gaps(reading: &Reading<'_>, view: &View, found: &[Found<'_>]) -> Vec<Attention> {
    largest_gaps(reading, view, found, GAPS_MAX)
}

fn largest_gaps(reading: &Reading<'_>, view: &View, found: &[Found<'_>], most: usize) -> Vec<Attention> {
    let mut missed: Vec<&Found<'_>> =
        found.iter().filter(|f| matches!(f.judgement.state, State::Off | State::Watch)).collect();
    missed.sort_by(|a, b| {
        let gap = |f: &Found<'_>| f.judgement.gap.unwrap_or(0.0);
        state_rank(a.judgement.state).cmp(&state_rank(b.judgement.state)).then(gap(a).total_cmp(&gap(b)))
    });
    let item = |f: &&Found<'_>| {
        let words = plan_words(f.indicator, f.unit, &f.judgement, view.language).unwrap_or_else(|| {
            reading.glance(f, TILE_LINE).change.map(|(_, a, t)| format!("{a} {t}")).unwrap_or_default()
        });
        Attention {
            class: state_class(f.judgement.state),
            mark: state_mark(f.judgement.state),
            word: state_word(f.judgement.state, view.language),
            name: reading.name(f.indicator).to_owned(),
            words,
            url: view.url(&format!("/indicators/{}", f.indicator.code), &[]),
        }
    };
    missed.iter().take(most).map(item).collect()
}

/// Whose figures are older than the period shown, by authority: those with the most first.
fn behind(state: &ApiState, view: &View, found: &[Found<'_>]) -> Vec<Behind> {
    let mut by_owner: BTreeMap<&str, (usize, Period)> = BTreeMap::new();
    for f in found.iter().filter(|f| !f.current && f.indicator.freq == view.period.freq()) {
        let entry = by_owner.entry(&f.indicator.owner).or_insert((0, f.cell.period));
        entry.0 += 1;
        entry.1 = entry.1.min(f.cell.period);
    }
    let mut list: Vec<_> = by_owner.into_iter().collect();
    list.sort_by_key(|(owner, (n, _))| (std::cmp::Reverse(*n), *owner));
    let item = |(owner, (n, oldest)): (&str, (usize, Period))| {
        let unit = state.catalog.org_units.iter().find(|o| o.code == owner);
        let name = unit.map_or(owner, |o| match view.language {
            Language::Vi => o.name_vi.as_str(),
            Language::En => o.name_en.as_str(),
        });
        let oldest = spoken(oldest, view.language);
        let words = match view.language {
            Language::Vi => format!("{n} chỉ tiêu mới có đến {oldest}"),
            Language::En => format!("{n} indicators end in {oldest}"),
        };
        Behind { owner: name.to_owned(), words, url: view.url(&format!("/units/{owner}"), &[]) }
    };
    list.into_iter().take(GAPS_MAX).map(item).collect()
}

//! Tiles of one figure, and words with figures in them.

use super::super::reading::{Found, Glance};
use super::super::view::View;
use super::board::{Board, Body, ShownTile};
use super::doors::explained;
use crate::chart::Size;
use crate::dashboard::{Against, Aspect, Kind, Part, Tile, parts};
use crate::present::{Base, Change, Language, pick, plan_words, short, spoken, too_few};

/// The small line of a tile.
const LINE: Size = Size::new(320, 72);

/// A change, and the figure behind it.
pub struct Moved {
    /// Class, arrow, text; `None` where there is nothing to compare with.
    pub change: Option<(&'static str, &'static str, String)>,
    /// What it is against.
    pub base: &'static str,
    /// The figure.
    pub glance: Glance,
    /// Where it is explained.
    pub url: String,
}

/// A piece of a paragraph.
pub struct Piece {
    /// Words.
    pub text: String,
    /// Where a figure leads; empty for plain words.
    pub url: String,
}

impl Board<'_> {
    /// A number, a change or a small line.
    pub(super) fn number(&self, tile: &Tile, view: &View) -> ShownTile {
        let reading = self.reading();
        let Some(indicator) = tile.indicators.first().and_then(|code| reading.catalog.indicators.get(code)) else {
            return self.bare(Body::Absent(String::new()));
        };
        let url = view.url(&format!("/indicators/{}", indicator.code), &[]);
        let Some(found) = reading.find_part(indicator, (&view.area, &tile.breakdown), view.period) else {
            let title = reading.name(indicator).to_owned();
            return ShownTile { title, url, ..self.bare(Body::Absent(self.absent(indicator, view))) };
        };
        let glance = reading.glance(&found, LINE);
        let door = explained(view, indicator, found.cell);
        let place =
            if tile.areas.is_empty() || view.is_city() { String::new() } else { format!(" · {}", view.area_name) };
        let title = format!("{}{place}", reading.name_of(&found));
        let body = match tile.kind {
            Kind::Change => Body::Change(Box::new(moved(tile.against, &found, glance, (view.language, door)))),
            Kind::Sparkline => Body::Sparkline(Box::new(glance), door),
            _ => Body::Number(Box::new(glance), door),
        };
        ShownTile { title, url, ..self.bare(body) }
    }

    /// The paragraphs of a text, figures in their places.
    pub(super) fn paragraphs(&self, tile: &Tile, view: &View) -> Vec<Vec<Piece>> {
        let piece = |part: Part<'_>| match part {
            Part::Plain(text) => Piece { text: text.to_owned(), url: String::new() },
            Part::Figure { code, aspect } => self.told(code, aspect, view),
        };
        let lines = tile.text.of(view.language).lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| parts(line).into_iter().map(piece).collect()).collect()
    }

    fn told(&self, code: &str, aspect: Aspect, view: &View) -> Piece {
        let (reading, language) = (self.reading(), view.language);
        let found = reading.catalog.indicators.get(code).and_then(|i| reading.find(i, &view.area, view.period));
        let Some(found) = found else {
            let text = pick(language, "(chưa có số liệu)", "(no figure)").to_owned();
            return Piece { text, url: view.url(&format!("/indicators/{code}"), &[]) };
        };
        let Found { indicator, unit, cell, judgement, .. } = found;
        let few = too_few(indicator, cell, language).filter(|_| aspect != Aspect::Period);
        let text = match aspect {
            _ if few.is_some() => few.unwrap_or_default(),
            Aspect::Value => short(cell.value, indicator.decimals, unit, language).to_string(),
            Aspect::Period => spoken(cell.period, language),
            Aspect::Plan => plan_words(indicator, unit, &judgement, language)
                .unwrap_or_else(|| pick(language, "chưa có kế hoạch", "no plan").to_owned()),
            Aspect::Change => cell
                .yoy_value
                .and_then(|base| Change::of(cell.value, base, indicator, unit, language))
                .map(|change| match language {
                    Language::Vi => format!("{} so với cùng kỳ", change.spoken(language)),
                    Language::En => format!("{} on a year before", change.spoken(language)),
                })
                .unwrap_or_else(|| pick(language, "chưa so sánh được", "not comparable").to_owned()),
        };
        Piece { text, url: explained(view, indicator, cell) }
    }
}

fn moved(against: Option<Against>, found: &Found<'_>, glance: Glance, (language, url): (Language, String)) -> Moved {
    let cell = found.cell;
    let (base, value) = match against {
        Some(Against::Previous) => (Base::Previous, cell.prev_value),
        Some(Against::December) => (Base::December, cell.dec_value),
        Some(Against::YearAgo) => (Base::YearAgo, cell.yoy_value),
        None if cell.yoy_value.is_some() => (Base::YearAgo, cell.yoy_value),
        None => (Base::Previous, cell.prev_value),
    };
    let change = value.and_then(|v| Change::of(cell.value, v, found.indicator, found.unit, language));
    Moved {
        change: change.map(|c| (c.verdict.class(), c.arrow(), c.text(language))),
        base: base.words(language),
        glance,
        url,
    }
}

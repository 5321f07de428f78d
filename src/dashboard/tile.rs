//! A tile: the keys of its kind, and what they name.

use std::collections::BTreeSet;

use super::check::Lookup;
use super::kind::{COMMON, Kind};
use super::model::{Against, By, CaseChart, Tile, When, Words};
use super::read::{value, words};
use crate::catalog::declared::{Table, Text};
use crate::catalog::diagnostic::nearest;
use crate::domain::{AreaKind, Breakdown, Freq, Indicator};
use crate::gallery::ChartId;

/// Lines that can be told apart.
const LINES_MAX: usize = 6;

/// Reads a tile; `None` when its kind cannot be known.
pub(super) fn read(table: &Table<'_, '_>, lookup: &Lookup<'_>, seen: &mut BTreeSet<String>) -> Option<Tile> {
    let kind = kind_of(table, lookup)?;
    let id = id_of(table, lookup, seen);
    let title = words(table, "title_vi", "title_en");
    let span = table.integer_if("span", 1..=4).and_then(|n| u8::try_from(n).ok());
    let keys = Keys { table, lookup, kind };
    let indicators = keys.indicators();
    let by = keys.by(&indicators);
    let freq = keys.freq(&indicators);
    let count = |key, bounds| if kind.has(key) { table.integer_if(key, bounds) } else { None };
    let number = |n: i64| usize::try_from(n).ok();
    let tile = Tile {
        id,
        kind,
        title,
        span: span.unwrap_or(kind.usual_span()),
        areas: keys.areas(&indicators),
        breakdown: keys.breakdown(&indicators, by.as_ref()),
        when: keys.when(&indicators, freq),
        periods: count("periods", 2..=120).and_then(|n| i32::try_from(n).ok()),
        top: count("top", 1..=200).or_else(|| count("count", 1..=20)).and_then(number),
        from: count("from", 1..=20).and_then(number).unwrap_or(1),
        against: keys.against(),
        org: keys.org(),
        chart: keys.chart(),
        text: keys.words(),
        indicators: indicators.iter().map(|i| i.code.clone()).collect(),
        by,
        freq,
    };
    keys.together(&tile, &indicators);
    Some(tile)
}

fn kind_of(table: &Table<'_, '_>, lookup: &Lookup<'_>) -> Option<Kind> {
    let names = || Kind::ALL.iter().map(|(name, _)| *name);
    let list = || format!("The kinds are {}.", names().collect::<Vec<_>>().join(", "));
    let Some(text) = table.text_if("kind") else {
        table.error("kind", "it has no kind", list());
        // Its other keys cannot be judged.
        return leave(table);
    };
    if let Some((_, kind)) = Kind::ALL.iter().find(|(name, _)| *name == text.value) {
        table.name("tile", kind.as_str());
        return Some(*kind);
    }
    let near = nearest(&text.value, names());
    let hint = near.map_or_else(list, |near| format!("Did you mean \"{near}\"?"));
    text.at.error(lookup.problems, format!("unknown kind of tile \"{}\"", text.value), hint);
    leave(table)
}

/// Takes all keys as known.
fn leave<T>(table: &Table<'_, '_>) -> Option<T> {
    table.know(COMMON);
    Kind::ALL.iter().for_each(|(_, kind)| table.know(kind.keys().iter().copied()));
    None
}

fn id_of(table: &Table<'_, '_>, lookup: &Lookup<'_>, seen: &mut BTreeSet<String>) -> Option<String> {
    let id = table.text_if("id")?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.value.starts_with(|c: char| c.is_ascii_lowercase()) || !id.value.chars().all(is_plain) {
        let message = format!("\"{}\" cannot be the id of a tile", id.value);
        id.at.error(
            lookup.problems,
            message,
            "Begin with a small letter a to z, go on with letters, digits and hyphens.",
        );
    } else if !seen.insert(id.value.clone()) {
        id.at.error(
            lookup.problems,
            format!("tile \"{}\" is declared twice", id.value),
            "Give one of them another id.",
        );
    }
    Some(id.value)
}

/// The keys of one tile.
struct Keys<'a, 's, 't> {
    table: &'a Table<'s, 't>,
    lookup: &'a Lookup<'a>,
    kind: Kind,
}

impl<'a, 's> Keys<'a, 's, '_> {
    fn text(&self, key: &'static str) -> Option<Text<'s>> {
        if self.kind.has(key) { self.table.text_if(key) } else { None }
    }

    fn texts(&self, key: &'static str) -> Vec<Text<'s>> {
        if self.kind.has(key) { self.table.texts(key) } else { Vec::new() }
    }

    /// `indicator`, `indicators`, `group` or what an `org` answers for: those that exist.
    fn indicators(&self) -> Vec<&'a Indicator> {
        let one = self.text("indicator");
        let list = self.texts("indicators");
        if one.is_some() && !list.is_empty() {
            self.table.error("indicators", "it has indicator and indicators", "Keep one of the two.");
        }
        let named = one.iter().chain(&list);
        let mut found: Vec<&Indicator> = named.filter_map(|text| self.lookup.indicator(text)).collect();
        if let Some(group) = self.text("group")
            && self.lookup.group(&group)
        {
            found.extend(self.lookup.catalog.indicators.values().filter(|i| i.group == group.value));
        }
        let is_given = ["indicator", "indicators", "group", "org"].iter().any(|key| self.table.holds(key));
        if !is_given && (self.kind.has("indicator") || self.kind == Kind::Table) {
            let hint = match self.kind {
                Kind::Table => "Add indicators = [\"CODE\", ...], group = \"NN\" or org = \"CODE\".",
                _ => "Add indicator = \"CODE\", a code of the catalogue (toancanh catalog list).",
            };
            self.table.error("kind", "it has no indicator", hint);
        }
        found
    }

    fn by(&self, indicators: &[&Indicator]) -> Option<By> {
        if self.kind == Kind::Chart {
            return None;
        }
        let by = match self.text("by") {
            Some(text) => self.lookup.by(&text, indicators, self.kind == Kind::Bars)?,
            None => match self.kind {
                Kind::Ranking => By::Area(AreaKind::District),
                Kind::TileMap => By::Area(AreaKind::District),
                Kind::Bars => By::Period,
                Kind::Heatmap => By::Area(AreaKind::District),
                Kind::Multiples if indicators.len() == 1 => By::Area(AreaKind::District),
                _ => return None,
            },
        };
        if self.kind == Kind::Ranking && !matches!(by, By::Area(_)) {
            self.table.error("by", "a ranking is of areas", "Write by = \"district\" or by = \"ward\".");
        }
        if let By::Area(level) = by {
            let key = if self.table.holds("by") { "by" } else { "indicator" };
            self.lookup.check_level(indicators, level, self.table.place_of(key));
        }
        Some(by)
    }

    fn freq(&self, indicators: &[&Indicator]) -> Option<Freq> {
        let freq = if self.kind.has("freq") { self.table.word_if("freq") } else { None }?;
        self.lookup.check_freq(indicators, freq, self.table.place_of("freq"));
        Some(freq)
    }

    fn areas(&self, indicators: &[&Indicator]) -> Vec<String> {
        let one = self.text("area");
        let list = self.texts("areas");
        if one.is_some() && !list.is_empty() {
            self.table.error("areas", "it has area and areas", "Keep one of the two.");
        }
        if list.len() > LINES_MAX {
            let message = format!("{} areas are more than can be told apart", list.len());
            self.table.error("areas", message, format!("Name {LINES_MAX} at most, or use kind = \"multiples\"."));
        }
        let all: Vec<Text<'s>> = one.into_iter().chain(list).collect();
        for text in &all {
            if let Some(level) = self.lookup.area(text) {
                self.lookup.check_level(indicators, level, text.at);
            }
        }
        all.into_iter().map(|text| text.value).collect()
    }

    fn breakdown(&self, indicators: &[&Indicator], by: Option<&By>) -> Breakdown {
        let Some(text) = self.text("breakdown") else { return Breakdown::TOTAL };
        if matches!(by, Some(By::Dimension(_))) {
            let hint = "Leave breakdown out: figures are broken down one dimension at a time.";
            self.table.error("breakdown", "it has breakdown and by a dimension", hint);
        }
        self.lookup.breakdown(&text, indicators).unwrap_or(Breakdown::TOTAL)
    }

    /// `newest`, `-12`, `2022-05`.
    fn when(&self, indicators: &[&Indicator], freq: Option<Freq>) -> When {
        let Some(text) = self.text("period") else { return When::Chosen };
        if text.value == "newest" {
            return When::Newest;
        }
        if let Some(back) = text.value.strip_prefix('-').and_then(|n| n.parse::<u16>().ok()) {
            return When::Back(back.into());
        }
        let Ok(period) = text.value.parse::<crate::domain::Period>() else {
            let hint = "Write \"newest\", \"-12\" (twelve before the one chosen) or a period: 2022-05, 2022-Q2, 2022.";
            text.at.error(self.lookup.problems, format!("\"{}\" is not a period", text.value), hint);
            return When::Chosen;
        };
        match freq {
            Some(freq) if freq != period.freq() => {
                let message = format!("\"{}\" is not a period of frequency {freq}", text.value);
                text.at.error(self.lookup.problems, message, "Let freq and period agree, or leave freq out.");
            }
            Some(_) => {}
            None => self.lookup.check_freq(indicators, period.freq(), text.at),
        }
        When::Fixed(period)
    }

    fn against(&self) -> Option<Against> {
        let text = self.text("against")?;
        let known = [("previous", Against::Previous), ("year_ago", Against::YearAgo), ("december", Against::December)];
        let found = known.iter().find(|(name, _)| *name == text.value).map(|(_, against)| *against);
        if found.is_none() {
            let message = format!("unknown against \"{}\"", text.value);
            text.at.error(self.lookup.problems, message, "Use previous, year_ago or december.");
        }
        found
    }

    fn org(&self) -> Option<String> {
        let text = self.text("org")?;
        self.lookup.org(&text);
        Some(text.value)
    }

    fn chart(&self) -> Option<CaseChart> {
        if self.kind != Kind::Chart {
            return None;
        }
        let id = self.table.text("chart");
        let axes = ["rows", "columns", "by"].map(|key| self.table.text_if(key));
        let months = self.table.integer_if("months", 1..=60).and_then(|n| i32::try_from(n).ok());
        let id = self.lookup.case_chart(&id?)?;
        let [rows, columns, by] = &axes;
        let is_table = id == ChartId::OverdueHeatmap;
        let units = if is_table { (&ChartId::ROWS[..], &ChartId::COLUMNS[..]) } else { (&[][..], &[][..]) };
        Some(CaseChart {
            rows: rows.as_ref().and_then(|text| self.lookup.axis("rows", text, units.0, &id)),
            columns: columns.as_ref().and_then(|text| self.lookup.axis("columns", text, units.1, &id)),
            by: by.as_ref().and_then(|text| self.lookup.axis("by", text, id.units(), &id)),
            months,
            id,
        })
    }

    fn words(&self) -> Words {
        if self.kind != Kind::Text {
            return Words::default();
        }
        let (vi, en) = (self.table.text("text_vi"), self.table.text("text_en"));
        for text in [&vi, &en].into_iter().flatten() {
            self.lookup.placeholders(text);
        }
        Words { vi: value(vi.as_ref()).unwrap_or_default(), en: value(en.as_ref()).unwrap_or_default() }
    }

    /// What can be said of the keys only together.
    fn together(&self, tile: &Tile, indicators: &[&Indicator]) {
        let is_compared = matches!(tile.kind, Kind::Line | Kind::Multiples);
        let lists = [tile.indicators.len() > 1, tile.areas.len() > 1, matches!(tile.by, Some(By::Dimension(_)))];
        if is_compared && lists.iter().filter(|many| **many).count() > 1 {
            let hint = "Compare indicators, or areas, or the members of a dimension, not several at once.";
            self.table.error("kind", "it compares two things at once", hint);
        }
        if is_compared {
            self.lookup.check_units(indicators, self.table.place_of("indicators"));
        }
        if tile.kind == Kind::Line && indicators.len() > LINES_MAX {
            let message = format!("{} lines are more than can be told apart", indicators.len());
            self.table.error("indicators", message, format!("Name {LINES_MAX} at most."));
        }
        if tile.kind == Kind::Line && matches!(tile.by, Some(By::Period | By::Area(_))) {
            let hint =
                "Write by = \"DIMENSION\", or areas = [\"CODE\", ...]; kind = \"multiples\" shows all districts.";
            self.table.error("by", "a line is by members of a dimension", hint);
        }
    }
}

//! From the served figures to what a page or a report shows: the figure that stands for a period, its state, its recent
//! course.
//!
//! Finds and words; every number comes from the cube as it is.

use super::{
    Base, Change, Judged, Judgement, Language, State, Tally, Thresholds, Written, headline, is_soft, judge, label_of,
    pace_of, short, state_class, state_mark, state_word, status_word, too_few,
};
use crate::catalog::{Catalog, Group};
use crate::chart::spec::{Frame, Sparkline};
use crate::chart::{Chart, Size};
use crate::cube::{Cell, CubeData};
use crate::domain::{Breakdown, Freq, GeoRollup, Indicator, Period, TOTAL, Unit};

/// A figure older than this many months than the period asked for is not shown in its place.
const OLDEST_MONTHS: i32 = 36;

/// The newest period of a frequency for which at least half of what the city publishes at it is there.
pub fn newest_period(catalog: &Catalog, cube: &CubeData, freq: Freq) -> Period {
    let ends: Vec<Period> = catalog
        .indicators
        .values()
        .filter(|i| i.freqs().any(|f| f == freq))
        .filter_map(|i| cube.block(&i.code)?.series(&catalog.city, TOTAL, &Breakdown::TOTAL, freq).last())
        .map(|cell| cell.period)
        .collect();
    let mut sorted = ends;
    sorted.sort();
    match sorted.get(sorted.len() / 2) {
        Some(middle) => *middle,
        None => Period::from_index(freq, 2022 * freq.per_year()),
    }
}

/// The figures of one moment, with the words to say them in.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Definitions.
    pub catalog: &'a Catalog,
    /// Figures.
    pub cube: &'a CubeData,
    /// Language.
    pub language: Language,
}

/// A figure that was found for a question, with its state.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// Its unit.
    pub unit: &'a Unit,
    /// The figure.
    pub cell: &'a Cell,
    /// Its state.
    pub judgement: Judgement,
    /// Whether it is of the period asked for, not the newest one before.
    pub current: bool,
}

impl<'a> Reading<'a> {
    /// The figure of an indicator for an area that stands for a period: of that very period, or the newest before it; at
    /// the indicator's own frequency where it is not published so often. `None` where nothing can stand for it.
    pub fn find(&self, indicator: &'a Indicator, area: &str, period: Period) -> Option<Found<'a>> {
        self.find_part(indicator, (area, &Breakdown::TOTAL), period)
    }

    /// The figure of a part of the whole: area and breakdown.
    pub fn find_part(
        &self,
        indicator: &'a Indicator,
        (area, breakdown): (&str, &Breakdown),
        period: Period,
    ) -> Option<Found<'a>> {
        let freq = freq_for(indicator, period.freq())?;
        let wanted = period.to_freq(freq)?;
        let cells = self.part(indicator, (area, breakdown), freq);
        let at = cells.partition_point(|c| c.period <= wanted);
        let cell = cells[..at].last()?;
        let current = cell.period == wanted;
        (current || wanted.last_month() - cell.period.last_month() <= OLDEST_MONTHS)
            .then(|| self.judged(indicator, cell, current))
    }

    /// A figure with its state.
    pub fn judged(&self, indicator: &'a Indicator, cell: &'a Cell, current: bool) -> Found<'a> {
        let unit = self.catalog.unit_of(indicator);
        let year = cell.period.to_freq(Freq::A).expect("every period lies in a year");
        let of_year = |year: Period| self.cell_beside(indicator, cell, year);
        let plan = cell.target_value.or_else(|| of_year(year).and_then(|c| c.target_value));
        let year_before = of_year(year.offset(-1)).filter(|c| c.complete).map(|c| c.value);
        let paces = self.paces(indicator, cell);
        let judgement = judge(&Judged { indicator, unit, cell, plan, year_before, paces: &paces });
        Found { indicator, unit, cell, judgement, current }
    }

    /// How far up to three earlier years had come by the same time.
    fn paces(&self, indicator: &Indicator, cell: &Cell) -> Vec<f64> {
        let year = cell.period.to_freq(Freq::A).expect("every period lies in a year");
        // A year that is not over stands where its last base period stands.
        let now = match cell.period.freq() {
            Freq::A => year.children(indicator.freq).nth(usize::from(cell.periods_present).saturating_sub(1)),
            Freq::M | Freq::Q => Some(cell.period),
        };
        let Some(now) = now else { return Vec::new() };
        let pace = |back: i32| {
            let then = self.cell_beside(indicator, cell, now.offset(-back * now.freq().per_year()))?;
            pace_of(indicator, then, self.cell_beside(indicator, cell, year.offset(-back))?)
        };
        (1..=3).filter_map(pace).collect()
    }

    /// The figures of an indicator for an area at a frequency, in order of period.
    pub fn series(&self, indicator: &Indicator, area: &str, freq: Freq) -> &'a [Cell] {
        self.part(indicator, (area, &Breakdown::TOTAL), freq)
    }

    /// The figures of a part of the whole.
    pub fn part(&self, indicator: &Indicator, (area, breakdown): (&str, &Breakdown), freq: Freq) -> &'a [Cell] {
        self.cube.block(&indicator.code).map_or(&[], |b| b.series(area, TOTAL, breakdown, freq))
    }

    /// The figures that a figure stands among: of the same area and part, at the same frequency.
    pub fn beside(&self, found: &Found<'a>) -> &'a [Cell] {
        let cell = found.cell;
        self.part(found.indicator, (&cell.area, &cell.breakdown), cell.period.freq())
    }

    /// The figure of another period of the same area and part.
    pub fn cell_beside(&self, indicator: &Indicator, cell: &Cell, period: Period) -> Option<&'a Cell> {
        self.cube.block(&indicator.code)?.cell(&cell.area, TOTAL, &cell.breakdown, period)
    }

    /// One figure.
    pub fn cell(&self, indicator: &Indicator, area: &str, period: Period) -> Option<&'a Cell> {
        self.cube.block(&indicator.code)?.cell(area, TOTAL, &Breakdown::TOTAL, period)
    }

    /// The name of an indicator.
    pub fn name(&self, indicator: &'a Indicator) -> &'a str {
        match self.language {
            Language::Vi => &indicator.name_vi,
            Language::En => &indicator.name_en,
        }
    }

    /// The name of what a figure is of: the indicator, and the part where it is not the whole.
    pub fn name_of(&self, found: &Found<'a>) -> String {
        let name = self.name(found.indicator);
        match self.part_name(&found.cell.breakdown) {
            Some(part) => format!("{name}: {part}"),
            None => name.to_owned(),
        }
    }

    /// What a part is called; `None` for the whole.
    pub fn part_name(&self, breakdown: &Breakdown) -> Option<String> {
        let (dimension, member) = (breakdown.dimension()?, breakdown.member_code()?);
        let declared = self.catalog.dimensions.get(dimension).and_then(|d| d.members.get(member));
        let label = declared.map_or(member, |m| match self.language {
            Language::Vi => &m.label_vi,
            Language::En => &m.label_en,
        });
        Some(label.to_owned())
    }
}

/// The frequency at which an indicator stands for a period of `freq`: that one, its own if it is published less often;
/// `None` if it has no value at so long a period.
pub fn freq_for(indicator: &Indicator, freq: Freq) -> Option<Freq> {
    if indicator.freqs().any(|f| f == freq) {
        return Some(freq);
    }
    (freq < indicator.freq).then_some(indicator.freq)
}

/// How many periods a little line shows: two years of months, three of quarters, eight years.
fn line_length(freq: Freq) -> i32 {
    match freq {
        Freq::M => 24,
        Freq::Q => 12,
        Freq::A => 8,
    }
}

/// What a tile or a row shows of a figure.
#[derive(Debug, Clone)]
pub struct Glance {
    /// Indicator code.
    pub code: String,
    /// Indicator name.
    pub name: String,
    /// The number, for reading.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// Period of the figure, where it is not the one asked for.
    pub period: Option<String>,
    /// "ước tính", "sơ bộ", "mới có 5/12 tháng": what makes it not final.
    pub soft: Option<String>,
    /// Change on last year: class, arrow, text.
    pub change: Option<(&'static str, &'static str, String)>,
    /// What the change compares with.
    pub base: &'static str,
    /// Class of the state.
    pub class: &'static str,
    /// Shape of the state.
    pub mark: &'static str,
    /// The state in a word.
    pub word: &'static str,
    /// What the plan says.
    pub plan: Option<String>,
    /// The little line, as SVG.
    pub line: String,
}

impl<'a> Reading<'a> {
    /// A figure at a glance, with a little line of this size.
    pub fn glance(&self, found: &Found<'a>, size: Size) -> Glance {
        let Found { indicator, unit, cell, judgement, current } = *found;
        let language = self.language;
        let few = too_few(indicator, cell, language);
        let written = match few {
            Some(_) => Written { number: "…".to_owned(), unit: String::new() },
            None => short(cell.value, indicator.decimals, unit, language),
        };
        let (base, value) = match cell.yoy_value {
            Some(value) => (Base::YearAgo, Some(value)),
            None => (Base::Previous, cell.prev_value),
        };
        let value = value.filter(|_| few.is_none());
        let change = value.and_then(|base| Change::of(cell.value, base, indicator, unit, language));
        Glance {
            code: indicator.code.clone(),
            name: self.name_of(found),
            number: written.number,
            unit: written.unit,
            period: (!current || cell.period.freq() != Freq::M).then(|| label_of(cell.period, language)),
            soft: few.or_else(|| self.soft_words(cell)),
            change: change.map(|c| (c.verdict.class(), c.arrow(), c.text(language))),
            base: base.words(language),
            class: state_class(judgement.state),
            mark: state_mark(judgement.state),
            word: state_word(judgement.state, language),
            plan: super::plan_words(indicator, unit, &judgement, language),
            line: self.little_line(found, size),
        }
    }

    /// What makes a figure not final, in a word or two.
    pub fn soft_words(&self, cell: &Cell) -> Option<String> {
        if !is_soft(cell) {
            return None;
        }
        let mut words = Vec::new();
        if !matches!(cell.status, crate::domain::ObsStatus::A | crate::domain::ObsStatus::B) {
            words.push(status_word(cell.status, self.language).to_owned());
        }
        words.extend(super::coverage_words(cell, self.language));
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// The recent course of a figure as a line without axes.
    pub fn little_line(&self, found: &Found<'a>, size: Size) -> String {
        let cell = found.cell;
        let freq = cell.period.freq();
        let cells = self.beside(found);
        let length = line_length(freq);
        let at = |back: i32| {
            let period = cell.period.offset(-back);
            cells.binary_search_by(|c| c.period.cmp(&period)).ok().map(|k| &cells[k])
        };
        let points: Vec<Option<&Cell>> = (0..length).rev().map(at).collect();
        // A series that began later is drawn from its beginning, not with a gap before it.
        let began = points.iter().position(Option::is_some).unwrap_or(0);
        let points = &points[began..];
        let provisional = points.iter().rev().take_while(|p| p.is_some_and(is_soft)).count();
        let title = headline(found.indicator, found.unit, cell, "", self.language);
        let line = Sparkline {
            frame: Frame::new(title, self.language),
            values: points.iter().map(|p| p.filter(|c| is_comparable(found.indicator, c)).map(|c| c.value)).collect(),
            target: None,
            state: (found.judgement.state != State::Unknown).then_some(found.judgement.state),
            format: None,
            provisional: provisional.min(points.len().saturating_sub(1)),
        };
        named_apart(&drawn(&Chart::Sparkline(line), size), &found.indicator.code)
    }
}

/// The drawing with its ids made its own: two flat lines are drawn alike and would share the ids of their titles.
pub fn named_apart(svg: &str, suffix: &str) -> String {
    match svg.split_once("<title id=\"t").and_then(|(_, rest)| rest.split_once('"')) {
        Some((id, _)) => svg.replace(id, &format!("{id}-{suffix}")),
        None => svg.to_owned(),
    }
}

/// The figure that stands for a group: its declared headline, else the first that there is.
pub fn head_of<'s, 'a>(group: &Group, own: &'s [Found<'a>]) -> Option<&'s Found<'a>> {
    let named = own.iter().find(|f| Some(&f.indicator.code) == group.headline.as_ref());
    named.or(own.first())
}

/// Whether a figure can stand in a line with others: a sum without some of its areas would look like a fall, and a rate
/// over a handful of cases jumps about.
pub fn is_comparable(indicator: &Indicator, cell: &Cell) -> bool {
    if Thresholds::of(indicator).is_too_few(cell.denominator) {
        return false;
    }
    cell.areas_present >= cell.areas_due || indicator.geo_rollup != GeoRollup::Sum
}

/// A chart as SVG for a page. A chart that cannot be drawn leaves its table and sentence: the reason is logged.
pub fn drawn(chart: &Chart, size: Size) -> String {
    match chart.svg(size) {
        Ok(svg) => svg,
        Err(error) => {
            tracing::warn!(chart.title = chart.frame().title, "chart could not be drawn: {error}");
            String::new()
        }
    }
}

/// "4/5 chỉ tiêu đạt": of those that can be judged.
pub fn score_words(tally: &Tally, language: Language) -> String {
    match (language, tally.judged()) {
        (Language::Vi, 0) => format!("{} chỉ tiêu, chưa có kế hoạch", tally.all()),
        (Language::En, 0) => format!("{} indicators, no plan", tally.all()),
        (Language::Vi, judged) => format!("{}/{judged} chỉ tiêu đạt", tally.on),
        (Language::En, judged) => format!("{}/{judged} on target", tally.on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_drawings_have_ids_of_their_own() {
        let svg = "<svg aria-labelledby=\"t0f d0f\"><title id=\"t0f\">a</title><desc id=\"d0f\"></desc></svg>";
        let expected = "<svg aria-labelledby=\"t0f-1001 d0f-1001\"><title id=\"t0f-1001\">a</title><desc id=\"d0f-1001\"></desc></svg>";
        assert_eq!(named_apart(svg, "1001"), expected);
        assert_eq!(named_apart("", "1001"), "");
    }
}

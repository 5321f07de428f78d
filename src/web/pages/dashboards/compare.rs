//! Several courses in one drawing: lines, bars, a table of colours, little lines on one scale.

use crate::chart::spec::{
    Bar, Bars, Cell as ChartCell, Direction, Frame, Heatmap, Lines, Multiples, NumberFormat, Panel, Point, Role, Series,
};
use crate::chart::{Chart, Ramp};
use crate::cube::Cell;
use crate::domain::{Indicator, Period, Unit};
use crate::present::{Language, State, Thresholds, exact, is_soft, label_of, short_label};

/// Lines that can be told apart.
const LINES_MAX: usize = 6;

/// One of what is compared.
pub struct Course<'a> {
    /// Its name.
    pub name: String,
    /// Its figures, by period.
    pub cells: &'a [Cell],
}

impl Course<'_> {
    fn at(&self, period: Period) -> Option<&Cell> {
        self.cells.binary_search_by(|c| c.period.cmp(&period)).ok().map(|k| &self.cells[k])
    }
}

/// Courses of one unit, up to a period.
pub struct Comparison<'a> {
    /// The indicator, or the first of them.
    pub indicator: &'a Indicator,
    /// The unit of all.
    pub unit: &'a Unit,
    /// In the order shown.
    pub courses: Vec<Course<'a>>,
    /// From the first to the last period.
    pub periods: Vec<Period>,
    /// How numbers are printed.
    pub format: NumberFormat,
    /// Title (unless there is a better one), subtitle, foot.
    pub frame: Frame,
}

impl Comparison<'_> {
    fn last(&self) -> Option<Period> {
        self.periods.last().copied()
    }

    fn language(&self) -> Language {
        self.frame.language
    }

    /// Whether a figure rests on too few cases to be told.
    fn is_too_few(&self, cell: &Cell) -> bool {
        Thresholds::of(self.indicator).is_too_few(cell.denominator)
    }

    /// The figure of a course in a period, where it can be told.
    fn told<'c>(&self, course: &'c Course<'_>, period: Period) -> Option<&'c Cell> {
        course.at(period).filter(|cell| !self.is_too_few(cell))
    }

    fn labels(&self) -> Vec<String> {
        self.periods.iter().map(|p| short_label(*p, self.language())).collect()
    }

    /// The largest first, by the last period; those without a figure then last.
    pub fn sorted(mut self) -> Self {
        if let Some(last) = self.last() {
            let value = |c: &Course<'_>| self.told(c, last).map_or(f64::NEG_INFINITY, |cell| cell.value);
            let mut order: Vec<(f64, usize)> = self.courses.iter().enumerate().map(|(k, c)| (value(c), k)).collect();
            order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut courses: Vec<Option<Course<'_>>> = self.courses.drain(..).map(Some).collect();
            self.courses = order.into_iter().filter_map(|(_, k)| courses[k].take()).collect();
        }
        self
    }

    /// Who is first and who is last, with their figures.
    pub fn message(&self) -> Option<String> {
        let last = self.last()?;
        let mut told: Vec<(&str, f64)> =
            self.courses.iter().filter_map(|c| Some((c.name.as_str(), self.told(c, last)?.value))).collect();
        told.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (language, period) = (self.language(), label_of(last, self.language()));
        let said = |value: f64| exact(value, self.indicator, self.unit, language).to_string();
        let (first, least) = (*told.first()?, *told.last()?);
        Some(match (told.len(), language) {
            (1, _) => format!("{period}: {} {}", first.0, said(first.1)),
            (2, _) => format!("{period}: {} {}, {} {}", first.0, said(first.1), least.0, said(least.1)),
            (_, Language::Vi) => format!(
                "{period}: {} cao nhất với {}, {} thấp nhất với {}",
                first.0,
                said(first.1),
                least.0,
                said(least.1)
            ),
            (_, Language::En) => {
                format!("{period}: {} highest at {}, {} lowest at {}", first.0, said(first.1), least.0, said(least.1))
            }
        })
    }

    /// A line each.
    pub fn lines(mut self) -> Chart {
        self.courses.truncate(LINES_MAX);
        let point = |course: &Course<'_>, period: &Period| match self.told(course, *period) {
            Some(cell) => Point::with(cell.value, cell.status),
            None if course.cells.first().is_none_or(|first| *period < first.period) => Point::absent(),
            None if course.cells.last().is_some_and(|last| *period > last.period) => Point::absent(),
            None => Point::missing(),
        };
        let series = |course: &Course<'_>| Series {
            name: course.name.clone(),
            role: Role::Peer,
            points: self.periods.iter().map(|p| point(course, p)).collect(),
        };
        Chart::Lines(Lines {
            periods: self.labels(),
            series: self.courses.iter().map(series).collect(),
            target: None,
            from_zero: false,
            format: self.format,
            frame: self.frame,
        })
    }

    /// A bar each, of the last period.
    pub fn bars(self) -> Chart {
        let bar = |course: &Course<'_>| match self.last().and_then(|last| course.at(last)) {
            Some(cell) if self.is_too_few(cell) => Bar { state: Some(State::TooFew), ..Bar::missing(&course.name) },
            Some(cell) => Bar { provisional: is_soft(cell), ..Bar::new(&course.name, cell.value) },
            None => Bar::missing(&course.name),
        };
        Chart::Bars(Bars { bars: self.courses.iter().map(bar).collect(), ..plain(Direction::Lying, &self) })
    }

    /// A bar for every period of the first course.
    pub fn columns(self) -> Chart {
        let course = self.courses.first();
        let bar = |period: &Period| {
            let name = short_label(*period, self.language());
            match course.and_then(|c| self.told(c, *period)) {
                Some(cell) => Bar { provisional: is_soft(cell), ..Bar::new(name, cell.value) },
                None => Bar::missing(name),
            }
        };
        let mut bars: Vec<Bar> = self.periods.iter().map(bar).collect();
        if let Some(last) = bars.last_mut() {
            last.highlighted = true;
        }
        Chart::Bars(Bars { bars, ..plain(Direction::Standing, &self) })
    }

    /// A row each, a column for every period.
    pub fn grid(self) -> Chart {
        let cell = |course: &Course<'_>, period: &Period| match course.at(*period) {
            Some(cell) if self.is_too_few(cell) => ChartCell::TooFew { n: cell.denominator.map(|n| n as u64) },
            Some(cell) => ChartCell::Value { value: cell.value, n: None, provisional: is_soft(cell) },
            None => ChartCell::Missing,
        };
        let first = self.periods.first().copied();
        let values =
            self.courses.iter().flat_map(|c| c.cells).filter(|c| Some(c.period) >= first && !self.is_too_few(c));
        let values = values.map(|c| c.value);
        Chart::Heatmap(Heatmap {
            row_heading: String::new(),
            rows: self.courses.iter().map(|c| c.name.clone()).collect(),
            columns: self.labels(),
            cells: self.courses.iter().map(|c| self.periods.iter().map(|p| cell(c, p)).collect()).collect(),
            totals: None,
            ramp: Ramp::amount(&stops(values)),
            show_n: false,
            format: self.format,
            frame: self.frame,
        })
    }

    /// A panel each, on one scale.
    pub fn panels(self) -> Chart {
        let values = |c: &Course<'_>| self.periods.iter().map(|p| self.told(c, *p).map(|cell| cell.value)).collect();
        let labels = self.labels();
        Chart::Multiples(Multiples {
            periods: (labels.first().cloned().unwrap_or_default(), labels.last().cloned().unwrap_or_default()),
            panels: self
                .courses
                .iter()
                .map(|c| Panel { name: c.name.clone(), values: values(c), state: None })
                .collect(),
            target: None,
            reference: None,
            from_zero: false,
            format: self.format,
            frame: self.frame,
        })
    }
}

/// Bars with nothing but their values.
fn plain(direction: Direction, of: &Comparison<'_>) -> Bars {
    Bars {
        frame: of.frame.clone(),
        direction,
        bars: Vec::new(),
        format: of.format.clone(),
        n_heading: String::new(),
        change_heading: String::new(),
        reference: None,
    }
}

/// Five even steps from the smallest to the largest value.
fn stops(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    (0..5).map(|k| low + (high - low) * f64::from(k) / 4.0).collect()
}

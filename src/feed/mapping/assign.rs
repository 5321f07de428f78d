//! Gives values their meaning: the first rule that holds says measure, area, breakdown, period, unit and status.

use std::sync::Arc;

use super::amount::{read_amount, rescale, scaled, shift};
use super::bind::{BoundRule, Fields, holds};
use super::declaration::YtdToml;
use super::lookup::{Fault, Stop, check_area, check_breakdown, check_org};
use super::mapped::{Counts, MappingError, Rejected};
use super::model::{Kind, Mapping, PeriodPick, PeriodSources, Published, Rule, StatusPick};
use super::published::read_instant;
use super::reading::{Cell, OwnTime, Place, Readings};
use super::span::{Around, Span, fit, read_label, read_sources, span_of};
use crate::catalog::Catalog;
use crate::domain::{Breakdown, Measure, ObsStatus, Period, TOTAL, Vintage};

/// A value with its meaning; becomes an observation or a target.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// Measure or indicator code.
    pub subject: Arc<str>,
    pub area: Arc<str>,
    pub org: Arc<str>,
    pub breakdown: Breakdown,
    pub period: Period,
    pub value: Option<f64>,
    pub status: ObsStatus,
    pub vintage: Vintage,
    pub source_ref: String,
    pub note: Option<String>,
    /// Whether the value counts from January and must be taken apart.
    pub cumulative: bool,
    pub place: Place,
}

/// What all values of a pull share.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub mapping: &'a Mapping,
    pub catalog: &'a Catalog,
    pub source_name: &'a str,
    pub file_name: &'a str,
    /// Vintage of the pull; `None` if each row brings its own.
    pub published: Option<Vintage>,
    pub pulled_at: Vintage,
    /// Sheets: the newest period of the table.
    pub current: Option<Period>,
}

/// Figures, rejected rows and the account so far.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    pub figures: Vec<Figure>,
    pub rejected: Vec<Rejected>,
    pub counts: Counts,
}

impl Assigned {
    /// Adds a rejected value.
    pub fn reject(&mut self, place: Place, fault: Fault, written: impl FnOnce() -> String, source_ref: String) {
        let column = fault.field.unwrap_or_else(|| place.column.to_string());
        let value = fault.value.unwrap_or_else(written);
        self.rejected.push(Rejected { row: place.row, column, value, reason: fault.reason, source_ref });
        self.counts.rejected += 1;
    }
}

/// Gives meaning to all values of a source.
///
/// # Errors
/// Fields that the rules use and the source does not have.
pub(super) fn assign(
    readings: &impl Readings,
    rules: &[&Rule],
    setting: Setting<'_>,
    out: &mut Assigned,
) -> Result<(), MappingError> {
    let fields = Fields::check(readings, rules, setting)?;
    let bound: Vec<BoundRule<'_>> = rules.iter().map(|rule| fields.bind(rule)).collect();
    let skips: Vec<_> = setting.mapping.skips.iter().map(|c| fields.conditions(c)).collect();
    let mut values: Vec<Option<usize>> = Vec::new();
    for rule in &bound {
        if !values.contains(&rule.value) {
            values.push(rule.value);
        }
    }
    let published = match &setting.mapping.published {
        Published::Column(column, time) => Some((fields.number(column), *time)),
        _ => None,
    };
    let context = RowContext { readings, setting, published };
    for row in 0..readings.len() {
        let skipped = skips.iter().any(|s| holds(s, readings, row));
        for value in &values {
            out.counts.read += 1;
            if readings.cell(row, *value) == Cell::Blank {
                out.counts.blank += 1;
            } else if skipped {
                out.counts.skipped += 1;
            } else {
                context.value(row, *value, &bound, out);
            }
        }
    }
    Ok(())
}

/// One source while its rows are gone through.
struct RowContext<'a, R> {
    readings: &'a R,
    setting: Setting<'a>,
    published: Option<(usize, chrono::NaiveTime)>,
}

impl<R: Readings> RowContext<'_, R> {
    /// Accounts for one value that is not blank.
    fn value(&self, row: usize, field: Option<usize>, rules: &[BoundRule<'_>], out: &mut Assigned) {
        let readings = self.readings;
        let rule = rules.iter().find(|r| r.value == field && holds(&r.conditions, readings, row));
        let made = match (readings.row_fault(row), rule) {
            (Some(why), _) => Err(Fault::of_value(why)),
            (None, Some(rule)) => self.figure(row, field, rule),
            (None, None) if self.setting.mapping.skip_unmatched => Err(Stop::Skip),
            (None, None) => {
                Err(Fault::of_value("no rule of the mapping holds for this row; add a [[map]], or a [[skip]]"))
            }
        };
        match made {
            Ok(Some(figure)) => out.figures.push(figure),
            Ok(None) => out.counts.blank += 1,
            Err(Stop::Skip) => out.counts.skipped += 1,
            Err(Stop::Fault(fault)) => {
                let source_ref = self.source_ref(row, field);
                out.reject(readings.place(row, field), fault, || readings.written(row, field), source_ref);
            }
        }
    }

    /// `None` when the text turns out to be blank.
    fn figure(&self, row: usize, field: Option<usize>, bound: &BoundRule<'_>) -> Result<Option<Figure>, Stop> {
        let catalog = self.setting.catalog;
        let Some(amount) = read_amount(self.readings.cell(row, field), self.setting.mapping.numbers)? else {
            return Ok(None);
        };
        let subject = self.subject(row, bound)?;
        let measure = catalog.measures.get(&*subject).filter(|_| self.setting.mapping.kind == Kind::Observations);
        let span = self.span(row, bound)?;
        let period = self.period(span, &subject, measure, bound.rule)?;
        let area = self.area(row, bound, period, measure)?;
        let org = bound.org.code(self.readings, row, "authority", |code| {
            code == TOTAL || catalog.org_units.iter().any(|o| o.code == code)
        })?;
        check_org(&catalog.org_units, &org, period).map_err(|why| Fault::of_field("org", &org, why))?;
        let breakdown = self.breakdown(row, bound, measure)?;
        let value = match amount.value {
            Some(number) => Some(self.convert(row, number, bound, &subject, measure)?),
            None if measure.is_none() => return Err(Fault::of_value("a plan value is missing; leave the row out")),
            None => None,
        };
        let status = match value {
            Some(_) => self.status(row, bound, amount.status, span, period)?,
            None => ObsStatus::M,
        };
        let note = bound.note_field.map(|f| self.readings.text(row, f)).filter(|n| !n.is_empty()).map(str::to_owned);
        Ok(Some(Figure {
            subject,
            area,
            org,
            breakdown,
            period,
            value,
            status,
            vintage: self.vintage(row)?,
            source_ref: self.source_ref(row, field),
            note,
            cumulative: bound.rule.ytd == YtdToml::Difference,
            place: self.readings.place(row, field),
        }))
    }

    fn source_ref(&self, row: usize, field: Option<usize>) -> String {
        format!("{}#{}", self.setting.source_name, self.readings.at(row, field))
    }

    fn subject(&self, row: usize, bound: &BoundRule<'_>) -> Result<Arc<str>, Stop> {
        let catalog = self.setting.catalog;
        match self.setting.mapping.kind {
            Kind::Observations => {
                let code = bound.subject.code(self.readings, row, "measure", |c| catalog.measures.contains_key(c))?;
                let calendar = catalog.measures.get(&*code).map(|m| m.calendar);
                if calendar.is_some_and(|c| c != self.setting.mapping.calendar) {
                    let why = "the measure is on another period calendar than this feed; set calendar of the feed";
                    return Err(Fault::of_field("measure", &code, why));
                }
                Ok(code)
            }
            Kind::Targets => {
                bound.subject.code(self.readings, row, "indicator", |c| catalog.indicators.contains_key(c))
            }
        }
    }

    fn span(&self, row: usize, bound: &BoundRule<'_>) -> Result<Span, Stop> {
        let fault = |text: &str, why: String| Fault::of_field("period", text, why);
        match &bound.rule.period {
            PeriodPick::Constant(period) => Ok(Span::of(*period)),
            PeriodPick::From(sources) => self.span_of_sources(row, sources, bound),
            PeriodPick::Own => match self.readings.own_time(row) {
                OwnTime::Time(_, Some(period)) => Ok(Span::of(period)),
                OwnTime::Time(text, None) => read_label(text, None).map_err(|why| fault(text, why)),
                OwnTime::Header(parts) => span_of(parts).map_err(|why| fault("", why)),
                OwnTime::None => {
                    Err(fault("", "the rule has no period; write period = { column = \"..\" }".to_owned()))
                }
            },
        }
    }

    fn span_of_sources(&self, row: usize, sources: &PeriodSources, bound: &BoundRule<'_>) -> Result<Span, Stop> {
        let (sheet_name, title) = self.readings.surroundings();
        let around = Around { file_name: self.setting.file_name, sheet_name, title };
        let text = |column: &str| {
            let field = bound.period_fields.iter().find(|(name, _)| *name == column);
            field.map_or("", |(_, field)| self.readings.text(row, *field))
        };
        read_sources(sources, around, text).map_err(|why| {
            let field = sources.columns().next();
            Fault::of_field(field.unwrap_or("period"), field.map_or("", text), why)
        })
    }

    fn period(&self, span: Span, subject: &str, measure: Option<&Measure>, rule: &Rule) -> Result<Period, Stop> {
        let fault = |why: String| Fault::of_field("period", &span.period.to_string(), why);
        if let Some(measure) = measure {
            return fit(span, measure.freq, rule.ytd).map_err(fault);
        }
        let indicator = &self.setting.catalog.indicators[subject];
        let known = indicator.freqs().any(|f| f == span.period.freq());
        if span.ytd || !known {
            return Err(fault(format!(
                "indicator \"{subject}\" has no values by {}; plan it by another",
                span.period.freq()
            )));
        }
        Ok(span.period)
    }

    fn area(
        &self,
        row: usize,
        bound: &BoundRule<'_>,
        period: Period,
        measure: Option<&Measure>,
    ) -> Result<Arc<str>, Stop> {
        let tree = &self.setting.catalog.areas;
        let code: Arc<str> = match bound.area.name(self.readings, row) {
            Some((column, name)) if column.skip.iter().any(|s| s == name) => return Err(Stop::Skip),
            Some((column, name)) => match column.codes.as_ref().and_then(|c| c.get(name)) {
                Some(code) => code.clone(),
                None => match tree.find_by_name(name, None, period.last_day()) {
                    Ok(ix) => tree.area(ix).code.as_str().into(),
                    Err(e) => return Err(Fault::of_field(&column.column, name, e.to_string())),
                },
            },
            None => bound.area.code(self.readings, row, "area", |code| !tree.spans(code).is_empty())?,
        };
        let checked = check_area(self.setting.catalog, &code, period, measure);
        checked.map(|()| code.clone()).map_err(|why| Fault::of_field("area", &code, why))
    }

    fn breakdown(&self, row: usize, bound: &BoundRule<'_>, measure: Option<&Measure>) -> Result<Breakdown, Stop> {
        let mut found = Breakdown::TOTAL;
        for pick in &bound.breakdown {
            let one = pick.of(self.readings, row, self.setting.catalog)?;
            if !one.is_total() && !found.is_total() {
                let why = format!("the row is broken down by {found} and {one} at once; skip it, or map one of them");
                return Err(Fault::of_field("breakdown", &one.to_string(), why));
            }
            if !one.is_total() {
                found = one;
            }
        }
        let Some(measure) = measure else { return Ok(found) };
        let checked = check_breakdown(measure, &found);
        checked.map_err(|why| Fault::of_field("breakdown", &found.to_string(), why)).map(|()| found)
    }

    /// The number in the unit of the measure or indicator.
    fn convert(
        &self,
        row: usize,
        number: f64,
        bound: &BoundRule<'_>,
        subject: &str,
        measure: Option<&Measure>,
    ) -> Result<f64, Stop> {
        let catalog = self.setting.catalog;
        let amount = &bound.rule.amount;
        let Some(unit) = &bound.unit else { return Ok(shift(scaled(number, amount.scale), number, amount.offset)) };
        let to = measure.map_or_else(|| &catalog.indicators[subject].unit, |m| &m.unit);
        let code = unit.code(self.readings, row, "unit", |c| catalog.units.contains_key(c))?;
        let (Some(from), Some(to)) = (catalog.units.get(&*code), catalog.units.get(to)) else {
            return Err(Fault::of_field("unit", &code, format!("unknown unit \"{code}\"")));
        };
        if from.family != to.family {
            let why = format!("unit \"{}\" does not convert into \"{}\" of \"{subject}\"", from.code, to.code);
            return Err(Fault::of_field("unit", &code, why));
        }
        Ok(shift(rescale(number, from.factor, to.factor), number, amount.offset))
    }

    fn status(
        &self,
        row: usize,
        bound: &BoundRule<'_>,
        own: ObsStatus,
        span: Span,
        period: Period,
    ) -> Result<ObsStatus, Stop> {
        match &bound.rule.status {
            StatusPick::Constant(status) => Ok(*status),
            StatusPick::Own if own != ObsStatus::A => Ok(own),
            StatusPick::Own => Ok(span.status.unwrap_or(ObsStatus::A)),
            StatusPick::ByTime { current, earlier } => match self.setting.current {
                Some(newest) if period < newest => Ok(*earlier),
                _ => Ok(*current),
            },
            StatusPick::Column { column, codes } => {
                let text = bound.status_field.map_or("", |f| self.readings.text(row, f));
                let code = codes.get(text);
                code.and_then(|c| c.parse().ok()).ok_or_else(|| {
                    let why = format!("\"{text}\" is not in the code list of the status; add it to codes");
                    Fault::of_field(column, text, why)
                })
            }
        }
    }

    fn vintage(&self, row: usize) -> Result<Vintage, Stop> {
        let Some((field, time)) = self.published else {
            return Ok(self.setting.published.unwrap_or(self.setting.pulled_at));
        };
        let text = self.readings.text(row, field);
        match read_instant(text, time) {
            Some(at) if at <= self.setting.pulled_at => Ok(at),
            Some(_) => Err(Fault::of_field("published", text, "the time of publication is after the pull")),
            None => Err(Fault::of_field("published", text, format!("\"{text}\" is not a date; write 25/5/2022"))),
        }
    }
}

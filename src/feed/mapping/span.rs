//! Which period a value belongs to: labels, parts from several places, and figures that count from January.

use super::declaration::YtdToml;
use super::model::PeriodSources;
use super::pattern::{Captures, Pattern, first_match};
use crate::domain::text::{PeriodLabelError, read_period};
use crate::domain::{Freq, ObsStatus, Period};

/// A period as a source names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub period: Period,
    /// Whether the figure covers everything from 1 January to the end of `period`.
    pub ytd: bool,
    /// What the label says about the figure ("Ước tháng 5").
    pub status: Option<ObsStatus>,
}

impl Span {
    /// A period, and nothing else said.
    pub fn of(period: Period) -> Self {
        Self { period, ytd: false, status: None }
    }
}

/// The texts around a table in which parts of a period may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub file_name: &'a str,
    pub sheet_name: &'a str,
    pub title: &'a str,
}

/// A label such as "Tháng 5/2022"; `year` completes one that names none. The canonical forms are the common case and
/// are tried first.
pub(super) fn read_label(text: &str, year: Option<i32>) -> Result<Span, String> {
    if let Ok(period) = text.parse::<Period>() {
        return Ok(Span::of(period));
    }
    match read_period(text, year) {
        Ok(label) => Ok(Span { period: label.period, ytd: label.ytd, status: label.status }),
        Err(e @ PeriodLabelError::NoYear(_)) => Err(format!("{e}; say where the year stands: year = \"..\" in period")),
        Err(e) => Err(format!("{e}; declare its form by pattern = \"..\" in period")),
    }
}

/// The period put together from the places that a rule names. `text` gives the text of a column.
pub(super) fn read_sources<'r>(
    sources: &PeriodSources,
    around: Around<'_>,
    text: impl Fn(&str) -> &'r str,
) -> Result<Span, String> {
    let mut found = Captures::default();
    if let Some(column) = &sources.year {
        let span = read_label(text(column), None)?;
        found.year = Some(span.period.year());
    }
    if let Some(column) = &sources.month {
        found.month = Some(part_of(text(column), Freq::M)?);
    }
    if let Some(column) = &sources.quarter {
        found.quarter = Some(part_of(text(column), Freq::Q)?);
    }
    for (patterns, place, what) in [
        (&sources.title, around.title, "title"),
        (&sources.sheet_name, around.sheet_name, "sheet name"),
        (&sources.file_name, around.file_name, "file name"),
    ] {
        if !patterns.is_empty() {
            let read = first_match(patterns, place).ok_or_else(|| unlike(what, place, patterns))?;
            found = found.or(read);
        }
    }
    let Some(column) = &sources.column else { return span_of(found) };
    let label = text(column);
    if label.is_empty() {
        return Err(format!("the period in column \"{column}\" is blank; fill it in, or declare fill_down"));
    }
    if sources.patterns.is_empty() {
        return read_label(label, found.year);
    }
    let read = first_match(&sources.patterns, label).ok_or_else(|| unlike("period", label, &sources.patterns))?;
    span_of(read.or(found))
}

/// A month or quarter that stands alone in a column: "5", "05", "Tháng 5", "II", "Quý II".
fn part_of(text: &str, freq: Freq) -> Result<i32, String> {
    let (forms, name) = match freq {
        Freq::M => (["{month}", "tháng {month}", "t{month}"], "month"),
        Freq::Q | Freq::A => (["{quarter}", "quý {quarter}", "q{quarter}"], "quarter"),
    };
    let read = forms.iter().find_map(|form| form.parse::<Pattern>().ok()?.read(text));
    read.and_then(|c| c.month.or(c.quarter)).ok_or_else(|| format!("\"{text}\" is not a {name}; write its number"))
}

fn unlike(what: &str, text: &str, patterns: &[Pattern]) -> String {
    let forms: Vec<String> = patterns.iter().map(|p| format!("\"{}\"", p.as_str())).collect();
    format!("the {what} \"{text}\" is not like {}; add its form to the mapping", forms.join(" or "))
}

/// The period that parts make; a year alone is a year.
pub(super) fn span_of(parts: Captures) -> Result<Span, String> {
    if let (None, Some(day)) = (parts.year, parts.date) {
        return Ok(Span::of(Period::of_date(Freq::M, day)));
    }
    let year = parts.year.ok_or("the period names no year; say where it stands")?;
    let made = match (parts.month, parts.ytd, parts.quarter) {
        (Some(month), ..) => Period::month(year, month),
        (None, Some(month), _) => Period::month(year, month),
        (None, None, Some(quarter)) => Period::quarter(year, quarter),
        (None, None, None) => Period::year_of(year),
    };
    let period = made.map_err(|e| e.to_string())?;
    Ok(Span { period, ytd: parts.month.is_none() && parts.ytd.is_some(), status: None })
}

/// The period at the measure's own frequency.
pub(super) fn fit(span: Span, freq: Freq, ytd: YtdToml) -> Result<Period, String> {
    let period = span.period;
    match ytd {
        YtdToml::Refuse if span.ytd => {
            let month = period.position();
            Err(format!(
                "the figure counts from January to month {month}; say what that means by ytd = \"difference\" or \"as_is\""
            ))
        }
        YtdToml::Refuse if period.freq() != freq => Err(mismatch(period, freq)),
        YtdToml::Refuse => Ok(period),
        YtdToml::Difference | YtdToml::AsIs => last_of(period, freq).ok_or_else(|| mismatch(period, freq)),
    }
}

fn mismatch(period: Period, freq: Freq) -> String {
    let name = |f: Freq| match f {
        Freq::M => "month",
        Freq::Q => "quarter",
        Freq::A => "year",
    };
    format!(
        "{period} is a {}, and the figure is due by {}; map it to a measure of that frequency",
        name(period.freq()),
        name(freq)
    )
}

/// The period of `freq` at whose end a figure counted from January stands: the first quarter ends with March, a year
/// with December, but a second quarter does not count from January.
fn last_of(period: Period, freq: Freq) -> Option<Period> {
    let from_january = period.freq() == freq || period.freq() < freq || period.position() == 1;
    let end = Period::from_index(Freq::M, period.last_month()).to_freq(freq)?;
    (from_january && end.last_month() == period.last_month()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOWHERE: Around<'_> = Around { file_name: "", sheet_name: "", title: "" };

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn patterns(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|t| t.parse().unwrap()).collect()
    }

    #[test]
    fn parts_come_from_several_places() {
        let sources = PeriodSources {
            column: Some("thang".to_owned()),
            patterns: patterns(&["T{month}"]),
            year: Some("nam".to_owned()),
            ..PeriodSources::default()
        };
        let text = |column: &str| if column == "nam" { "Năm 2022" } else { "T5" };
        assert_eq!(read_sources(&sources, NOWHERE, text).unwrap().period, period("2022-05"));
        let sources = PeriodSources { file_name: patterns(&["*T{month}.{year}*"]), ..PeriodSources::default() };
        let around = Around { file_name: "2023-03-29-02-Bieu-T3.2023-3.xlsx", ..NOWHERE };
        assert_eq!(read_sources(&sources, around, |_| "").unwrap().period, period("2023-03"));
        let around = Around { file_name: "bieu.xlsx", ..NOWHERE };
        assert!(
            read_sources(&sources, around, |_| "").unwrap_err().contains("the file name \"bieu.xlsx\" is not like")
        );
    }

    #[test]
    fn months_and_quarters_stand_alone_in_a_column() {
        let sources =
            PeriodSources { year: Some("y".to_owned()), quarter: Some("q".to_owned()), ..PeriodSources::default() };
        let read = |q: &'static str| read_sources(&sources, NOWHERE, move |c| if c == "y" { "2022" } else { q });
        assert_eq!(read("Quý II").unwrap().period, period("2022-Q2"));
        assert_eq!(read("3").unwrap().period, period("2022-Q3"));
        assert_eq!(read("V").unwrap_err(), "\"V\" is not a quarter; write its number");
    }

    #[test]
    fn figures_from_january_are_refused_unless_declared() {
        let span = read_label("5T/2022", None).unwrap();
        assert!(span.ytd);
        assert!(fit(span, Freq::M, YtdToml::Refuse).unwrap_err().contains("counts from January to month 5"));
        assert_eq!(fit(span, Freq::M, YtdToml::AsIs).unwrap(), period("2022-05"));
        let quarter = |q| Span::of(Period::quarter(2023, q).unwrap());
        assert_eq!(fit(quarter(1), Freq::M, YtdToml::AsIs).unwrap(), period("2023-03"));
        assert!(fit(quarter(2), Freq::M, YtdToml::AsIs).is_err(), "the second quarter does not start in January");
        assert!(fit(quarter(1), Freq::M, YtdToml::Refuse).unwrap_err().starts_with("2023-Q1 is a quarter"));
        assert_eq!(fit(Span::of(period("2023")), Freq::M, YtdToml::AsIs).unwrap(), period("2023-12"));
        assert_eq!(fit(Span::of(period("2023-06")), Freq::Q, YtdToml::AsIs).unwrap(), period("2023-Q2"));
        assert!(fit(Span::of(period("2023-05")), Freq::Q, YtdToml::AsIs).is_err());
    }
}

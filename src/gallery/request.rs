//! Parameters of charts, as text and as read. The same names go for HTTP and the command line.

use super::error::{GalleryError, nearest};
use super::id::ChartId;
use crate::cases::views::{Axis, Basis, Filter};
use crate::catalog::Catalog;
use crate::chart::Size;
use crate::chart::spec::Language;
use crate::compute::ask_cases::CaseQuery;
use crate::domain::{Freq, Period};

/// Pixels of one side.
const SIDE: std::ops::RangeInclusive<u32> = 24..=4000;

/// Parameters as they were written; an empty one counts as absent.
#[derive(Debug, Clone, Default)]
pub struct ChartText {
    /// As known on a day or at an instant; default now.
    pub as_of: Option<String>,
    /// First period, day or instant of the window.
    pub from: Option<String>,
    /// Last period, day or instant of the window; default as of when it is asked.
    pub to: Option<String>,
    /// Areas, separated by commas; of an indicator, the one area.
    pub area: Option<String>,
    /// Handling authorities.
    pub org: Option<String>,
    /// Categories.
    pub category: Option<String>,
    /// Channels.
    pub channel: Option<String>,
    /// Feeds.
    pub feed: Option<String>,
    /// `effective` or `original`.
    pub basis: Option<String>,
    /// Rows of the heatmap: district, ward or org.
    pub rows: Option<String>,
    /// Its columns: category, channel, week or month.
    pub columns: Option<String>,
    /// Units of rankings, backlog and survival; day, week or month of the flow; bars or map of areas.
    pub by: Option<String>,
    /// M, Q or A.
    pub freq: Option<String>,
    /// Last period of an indicator's chart.
    pub period: Option<String>,
    /// vi or en.
    pub lang: Option<String>,
    /// Pixels.
    pub width: Option<String>,
    /// Pixels; default what the content needs.
    pub height: Option<String>,
    /// Device pixels per pixel of a PNG, 1 to 4.
    pub scale: Option<String>,
}

/// Which chart, of what, how large.
#[derive(Debug, Clone)]
pub struct ChartRequest {
    /// Which.
    pub id: ChartId,
    /// The question about cases; areas and instant go for indicators too.
    pub cases: CaseQuery,
    /// What the rows (or units, or periods) are, where that was asked.
    pub rows: Option<Axis>,
    /// What the columns are, where that was asked.
    pub columns: Option<Axis>,
    /// Whether areas are shown on the tile map.
    pub as_map: bool,
    /// Frequency of an indicator.
    pub freq: Option<Freq>,
    /// Its last period.
    pub period: Option<Period>,
    /// Language of all words.
    pub language: Language,
    /// Asked for, if it was.
    pub width: Option<u32>,
    /// Asked for, if it was.
    pub height: Option<u32>,
    /// Device pixels per pixel of a PNG.
    pub scale: u32,
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn wrong(name: &'static str, text: &str, expected: &str, known: &[&str]) -> GalleryError {
    let nearest = nearest(text, known.iter().copied());
    GalleryError::Parameter { name, text: text.to_owned(), expected: expected.to_owned(), nearest }
}

fn read<T: std::str::FromStr>(
    name: &'static str,
    text: &Option<String>,
    expected: &str,
) -> Result<Option<T>, GalleryError> {
    given(text).map(|text| text.parse().map_err(|_| wrong(name, text, expected, &[]))).transpose()
}

fn choice<T: Copy>(
    name: &'static str,
    text: &Option<String>,
    allowed: &[(&str, T)],
) -> Result<Option<T>, GalleryError> {
    let Some(text) = given(text) else { return Ok(None) };
    let known: Vec<&str> = allowed.iter().map(|(code, _)| *code).collect();
    let found = allowed.iter().find(|(code, _)| *code == text).map(|(_, value)| *value);
    found.map(Some).ok_or_else(|| wrong(name, text, &format!("one of {}", known.join(", ")), &known))
}

fn axis(name: &'static str, text: &Option<String>, allowed: &[Axis]) -> Result<Option<Axis>, GalleryError> {
    let allowed: Vec<(&str, Axis)> = allowed.iter().map(|axis| (axis.as_str(), *axis)).collect();
    choice(name, text, &allowed)
}

fn number(
    name: &'static str,
    text: &Option<String>,
    allowed: std::ops::RangeInclusive<u32>,
) -> Result<Option<u32>, GalleryError> {
    let Some(text) = given(text) else { return Ok(None) };
    let (least, most) = (*allowed.start(), *allowed.end());
    let expected = format!("a whole number from {least} to {most}");
    match text.parse::<u32>() {
        Ok(value) if allowed.contains(&value) => Ok(Some(value)),
        Ok(value) => Err(wrong(name, text, &expected, &[&value.clamp(least, most).to_string()])),
        Err(_) => Err(wrong(name, text, &expected, &[])),
    }
}

impl ChartRequest {
    /// Reads an id and its parameters.
    pub fn read(id: &str, text: &ChartText, catalog: &Catalog) -> Result<Self, GalleryError> {
        let id = ChartId::read(id, catalog)?;
        let by = id.units();
        let by_axis = if by.is_empty() { None } else { axis("by", &text.by, by)? };
        let is_of_areas = matches!(id, ChartId::Areas(_));
        let as_map = is_of_areas && choice("by", &text.by, &[("bars", false), ("map", true)])?.unwrap_or(false);
        let freq = choice("freq", &text.freq, &[("M", Freq::M), ("Q", Freq::Q), ("A", Freq::A)])?;
        let period: Option<Period> = read("period", &text.period, "a period (2022-05, 2022-Q2, 2022)")?;
        if let (Some(freq), Some(period)) = (freq, period.filter(|period| freq.is_some_and(|f| f != period.freq()))) {
            let expected = format!("a period of frequency {freq}");
            return Err(wrong("period", &period.to_string(), &expected, &[]));
        }
        Ok(Self {
            id,
            cases: case_query(text)?,
            rows: axis("rows", &text.rows, &ChartId::ROWS)?.or(by_axis),
            columns: axis("columns", &text.columns, &ChartId::COLUMNS)?,
            as_map,
            freq,
            period,
            language: choice("lang", &text.lang, &[("vi", Language::Vi), ("en", Language::En)])?.unwrap_or_default(),
            width: number("width", &text.width, SIDE)?,
            height: number("height", &text.height, SIDE)?,
            scale: number("scale", &text.scale, 1..=4)?.unwrap_or(1),
        })
    }

    /// The size asked for, or what the content needs.
    pub fn size(&self, chart: &crate::chart::Chart) -> Size {
        let is_small = matches!(chart, crate::chart::Chart::Sparkline(_));
        let usual = if is_small { Size::SPARKLINE.width } else { Size::PAGE.width };
        let width = self.width.unwrap_or(usual);
        Size::new(width, self.height.unwrap_or_else(|| chart.fitting_height(width)))
    }
}

fn case_query(text: &ChartText) -> Result<CaseQuery, GalleryError> {
    let list = |text: &Option<String>| -> Vec<String> {
        let parts = text.iter().flat_map(|text| text.split(',')).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let window = "a period, a day or an instant (2022-Q2, 2022-05-25, 2022-05-25T12:00)";
    let bases = [Basis::Effective, Basis::Original].map(|basis| (basis.as_str(), basis));
    Ok(CaseQuery {
        as_of: read("as_of", &text.as_of, "a date (2022-05-25) or an instant (2022-05-25T12:00:00+07:00)")?,
        from: read("from", &text.from, window)?,
        to: read("to", &text.to, window)?,
        filter: Filter {
            areas: list(&text.area),
            orgs: list(&text.org),
            categories: list(&text.category),
            channels: list(&text.channel),
            feeds: list(&text.feed),
        },
        basis: choice("basis", &text.basis, &bases)?,
    })
}

//! An infographic as its file declares it. Reading and checking name every problem with its line and the nearest code.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::size::PageSize;
use crate::catalog::Catalog;
use crate::catalog::declared::{Table, Text, read_file};
use crate::catalog::diagnostic::{Problems, nearest};
use crate::catalog::source::SourceFile;
use crate::domain::AreaKind;
use crate::gallery::ChartId;
use crate::present::Language;

/// A wording in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Wording {
    /// The one of a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

/// What an infographic is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The whole city.
    City,
    /// One district.
    District,
}

/// What the title says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headline {
    /// How many indicators are on target, how many are off.
    Score,
    /// Who answers citizens latest.
    Overdue,
    /// Where the district stands among its peers.
    Standing,
}

/// Which cases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Those of the period.
    Period,
    /// Those of its year up to its end.
    Year,
}

/// A large figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Indicator code.
    pub indicator: String,
    /// Pictogram of the house.
    pub pictogram: String,
    /// A name short enough to stand over a large figure.
    pub label: Wording,
}

/// A chart of the gallery.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartPart {
    /// What the template calls it.
    pub id: String,
    /// Which chart.
    pub chart: String,
    /// Width in pixels at which it is drawn: letters are larger on a narrower chart.
    pub width: u32,
    /// Height in pixels; default what its content needs.
    pub height: Option<u32>,
    /// Which cases.
    pub window: Option<Window>,
    /// Rows, columns, by, category, channel, freq: as the address of the chart takes them.
    pub parameters: BTreeMap<&'static str, String>,
    /// Whether it is of the infographic's own area only.
    pub own_area: bool,
    /// In which sizes it is shown.
    pub sizes: Vec<PageSize>,
}

/// A declared infographic.
#[derive(Debug, Clone, PartialEq)]
pub struct Infographic {
    /// Id: the name of its file.
    pub id: String,
    /// Name; stands over the title.
    pub name: Wording,
    /// What it is for, in a sentence.
    pub about: Wording,
    /// Place among the others, from 1.
    pub order: u32,
    /// What it is about.
    pub subject: Subject,
    /// The district shown unless another is asked for.
    pub area: Option<String>,
    /// What the title says.
    pub title: Headline,
    /// Which cases are counted.
    pub window: Window,
    /// Sizes it comes in, the usual one first.
    pub sizes: Vec<PageSize>,
    /// Large figures.
    pub numbers: Vec<Number>,
    /// Charts.
    pub charts: Vec<ChartPart>,
    /// Headings and other words of the template, by name.
    pub words: BTreeMap<String, Wording>,
    /// Typst source of the template.
    pub template: String,
}

/// What names may be used.
pub struct Known<'a> {
    /// Indicators, areas.
    pub catalog: &'a Catalog,
    /// Pictograms of the house.
    pub pictograms: &'a BTreeSet<String>,
}

const PARAMETERS: [&str; 6] = ["rows", "columns", "by", "category", "channel", "freq"];

impl Infographic {
    /// Reads a file; what is wrong is put into `problems`, and nothing comes back if something essential is.
    pub(super) fn read(
        file: &SourceFile<'_>,
        id: &str,
        template: Option<&str>,
        known: &Known<'_>,
        problems: &Problems,
    ) -> Option<Infographic> {
        let mut found = None;
        read_file(file, problems, |table| {
            table.name("infographic", id);
            found = read_table(table, id, template, known);
        });
        found
    }
}

fn read_table(table: &Table<'_, '_>, id: &str, template: Option<&str>, known: &Known<'_>) -> Option<Infographic> {
    if template.is_none() {
        let message = format!("there is no template \"{id}.typ\" beside it");
        table.error("version", message, format!("Write {id}.typ, or copy one of another infographic."));
    }
    let subject: Option<Subject> = table.word("of");
    let area = table.text_if("area");
    if let Some(area) = &area {
        check_area(table, area, known.catalog);
    }
    if subject == Some(Subject::District) && area.is_none() {
        table.error("area", "one of a district has no area", "Name the district shown first: area = \"760\".");
    }
    let sizes: Vec<PageSize> = table.words("sizes");
    if sizes.is_empty() {
        table.error("sizes", "there is no size", "Write sizes = [\"a4\", \"a3\", \"phone\", \"social\"].");
    }
    let name = wording(table, "name_vi", "name_en");
    let about = wording(table, "about_vi", "about_en");
    let (title, window) = (table.word("title"), table.word("window"));
    let order = table.integer("order", 1..=99).and_then(|place| u32::try_from(place).ok());
    let mut numbers = Vec::new();
    table.tables("number", "number", |part| numbers.extend(number(part, subject, known)));
    let mut charts: Vec<ChartPart> = Vec::new();
    table.tables("chart", "chart", |part| {
        let Some(chart) = chart(part, &sizes, known.catalog) else { return };
        if charts.iter().any(|other| other.id == chart.id) {
            part.error("id", format!("there is a second chart \"{}\"", chart.id), "Give each chart an id of its own.");
        }
        charts.push(chart);
    });
    let mut words = BTreeMap::new();
    table.tables("word", "word", |part| {
        if let (Some(name), Some(said)) = (part.text("name"), wording(part, "vi", "en")) {
            words.insert(name.value, said);
        }
    });
    Some(Infographic {
        id: id.to_owned(),
        name: name?,
        about: about?,
        order: order?,
        subject: subject?,
        area: area.map(|text| text.value),
        title: title?,
        window: window?,
        sizes,
        numbers,
        charts,
        words,
        template: template?.to_owned(),
    })
}

fn wording(table: &Table<'_, '_>, vi: &'static str, en: &'static str) -> Option<Wording> {
    let (vi, en) = (table.text(vi), table.text(en));
    Some(Wording { vi: vi?.value, en: en?.value })
}

fn number(part: &Table<'_, '_>, subject: Option<Subject>, known: &Known<'_>) -> Option<Number> {
    let (indicator, pictogram) = (part.text("indicator"), part.text("pictogram"));
    let label = wording(part, "label_vi", "label_en");
    if let Some(code) = &indicator {
        match known.catalog.indicators.get(&code.value) {
            None => unknown(part, "indicator", code, known.catalog.indicators.keys().map(String::as_str)),
            Some(found) if subject == Some(Subject::District) && found.level == AreaKind::City => {
                let message = format!("indicator \"{}\" is published for the whole city only", code.value);
                part.error("indicator", message, "Name an indicator with figures by district.");
            }
            Some(_) => {}
        }
    }
    if let Some(name) = pictogram.as_ref().filter(|name| !known.pictograms.contains(&name.value)) {
        unknown(part, "pictogram", name, known.pictograms.iter().map(String::as_str));
    }
    Some(Number { indicator: indicator?.value, pictogram: pictogram?.value, label: label? })
}

fn chart(part: &Table<'_, '_>, all: &[PageSize], catalog: &Catalog) -> Option<ChartPart> {
    let (id, chart) = (part.text("id"), part.text("chart"));
    let width = part.integer("width", 240..=2000);
    let height = part.integer_if("height", 120..=4000).and_then(|pixels| u32::try_from(pixels).ok());
    let mut parameters = BTreeMap::new();
    for name in PARAMETERS {
        parameters.extend(part.text_if(name).map(|text| (name, text.value)));
    }
    let window = part.word_if("window");
    let own_area = part.switch("own_area");
    let sizes: Vec<PageSize> = part.words("sizes");
    if let Some(text) = &chart
        && let Err(error) = ChartId::read(&text.value, catalog)
    {
        use crate::error::Coded;
        part.error("chart", error.to_string(), error.hint().unwrap_or_default());
    }
    Some(ChartPart {
        id: id?.value,
        chart: chart?.value,
        width: u32::try_from(width?).ok()?,
        height,
        window,
        parameters,
        own_area,
        sizes: if sizes.is_empty() { all.to_vec() } else { sizes },
    })
}

fn check_area(table: &Table<'_, '_>, area: &Text<'_>, catalog: &Catalog) {
    let areas = catalog.areas.areas();
    let is_district = areas.iter().any(|a| a.code == area.value && a.kind == AreaKind::District);
    if !is_district {
        let districts = areas.iter().filter(|a| a.kind == AreaKind::District);
        unknown(table, "area", area, districts.map(|a| a.code.as_str()));
    }
}

fn unknown<'a>(
    table: &Table<'_, '_>,
    key: &'static str,
    text: &Text<'_>,
    known: impl Iterator<Item = &'a str> + Clone,
) {
    let hint = match nearest(&text.value, known.clone()) {
        Some(near) => format!("The nearest is \"{near}\"."),
        None => {
            let some: Vec<&str> = known.take(12).collect();
            format!("There are, for example, {}.", some.join(", "))
        }
    };
    table.error(key, format!("unknown {key} \"{}\"", text.value), hint);
}

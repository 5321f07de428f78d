//! What is declared: dashboards of sections of tiles. Everything named in them exists.

use super::kind::Kind;
use crate::cases::views::Axis;
use crate::domain::{AreaKind, Breakdown, Freq, Period};
use crate::gallery::ChartId;
use crate::present::Language;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The text of a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

/// A dashboard: one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Name of the file without its ending; part of the address.
    pub id: String,
    /// Title.
    pub title: Words,
    /// What it is for.
    pub description: Option<Words>,
    /// Place among the others; equals go by id.
    pub order: i64,
    /// Set where its sections are shown on the wall, one after the other.
    pub wall: Option<Wall>,
    /// In the order shown.
    pub sections: Vec<Section>,
}

impl Dashboard {
    /// All tiles.
    pub fn tiles(&self) -> impl Iterator<Item = &Tile> {
        self.sections.iter().flat_map(|section| &section.tiles)
    }

    /// Whether something on it moves with time itself, not only with new data.
    pub fn shows_cases(&self) -> bool {
        self.tiles().any(|tile| tile.kind == Kind::Chart)
    }
}

/// How sections turn on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// Seconds until the next one.
    pub seconds: u32,
}

/// A part of a dashboard under a title of its own; on the wall, one page.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Title.
    pub title: Option<Words>,
    /// In the order shown.
    pub tiles: Vec<Tile>,
}

/// One tile. Which of its parts are in use depends on its kind; the others are as if not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Anchor in the page.
    pub id: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Instead of the name of what is shown.
    pub title: Option<Words>,
    /// Columns of four.
    pub span: u8,
    /// Indicator codes, at least one for a tile of figures.
    pub indicators: Vec<String>,
    /// Areas; none means the one that the reader chose.
    pub areas: Vec<String>,
    /// Part of the whole.
    pub breakdown: Breakdown,
    /// What is compared with each other.
    pub by: Option<By>,
    /// Frequency; none means the one that the reader chose.
    pub freq: Option<Freq>,
    /// Period.
    pub when: When,
    /// How many periods a chart over time shows.
    pub periods: Option<i32>,
    /// How many rows are shown, the weakest or largest first.
    pub top: Option<usize>,
    /// Rank of the first group shown, from 1.
    pub from: usize,
    /// What a change is against.
    pub against: Option<Against>,
    /// Whose indicators a table lists, or whose cases a chart counts.
    pub org: Option<String>,
    /// Chart of cases.
    pub chart: Option<CaseChart>,
    /// Paragraphs with placeholders for figures.
    pub text: Words,
}

/// What the rows, bars, lines or panels of a tile are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Months, quarters or years.
    Period,
    /// Areas of a level.
    Area(AreaKind),
    /// Members of a dimension.
    Dimension(String),
}

/// Which period a tile shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The one that the reader chose.
    Chosen,
    /// The newest there is, whatever the reader chose.
    Newest,
    /// So many periods before the one that the reader chose.
    Back(i32),
    /// Always this one.
    Fixed(Period),
}

/// What a change is against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The period before.
    Previous,
    /// The same period of last year.
    YearAgo,
    /// December of last year.
    December,
}

/// A chart of cases of the gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseChart {
    /// Which.
    pub id: ChartId,
    /// Units of its rows.
    pub rows: Option<Axis>,
    /// What its columns are.
    pub columns: Option<Axis>,
    /// Units of a chart without rows and columns.
    pub by: Option<Axis>,
    /// Months of the window; none means since January, or as far back as the chart goes by itself.
    pub months: Option<i32>,
}

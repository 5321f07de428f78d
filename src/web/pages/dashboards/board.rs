//! From a declared tile to what the page shows of it.

use super::super::group::{Row, rows};
use super::super::overview::{Attention, Tile as GroupTile, gaps, read, tiles};
use super::super::reading::{Glance, Reading, named_apart};
use super::super::view::View;
use super::doors::Drawn;
use super::figures::{Moved, Piece};
use super::sheet::Sheet;
use crate::cube::CubeData;
use crate::dashboard::{Kind, Section, Tile, When};
use crate::domain::{Direction, Freq, Indicator, Period};
use crate::present::{Language, pick};
use crate::web::state::ApiState;

/// What a dashboard is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A desk, a phone or paper.
    Page,
    /// Six metres away; so many rows of tiles share the height.
    Wall {
        /// Rows of the page.
        rows: u32,
    },
}

/// A dashboard about to be written, for what the reader chose.
pub struct Board<'a> {
    /// Figures, cases, catalogue.
    pub state: &'a ApiState,
    /// What the reader chose.
    pub view: &'a View,
    /// Where it is read.
    pub screen: Screen,
}

/// A section with its tiles.
pub struct ShownSection {
    /// Title; may be empty.
    pub title: String,
    /// In the order declared.
    pub tiles: Vec<ShownTile>,
}

/// A tile as it is shown.
pub struct ShownTile {
    /// Anchor.
    pub id: String,
    /// Columns of four.
    pub span: u8,
    /// What it shows; empty where the content says so itself.
    pub title: String,
    /// Where the title leads; may be empty.
    pub url: String,
    /// Content.
    pub body: Body,
}

/// The content of a tile.
pub enum Body {
    /// A figure, and where it is explained.
    Number(Box<Glance>, String),
    /// A change.
    Change(Box<Moved>),
    /// A figure with its course, and where it is explained.
    Sparkline(Box<Glance>, String),
    /// A drawing with its table.
    Drawing(Box<Drawing>),
    /// Indicators.
    Rows(Vec<Row>),
    /// Groups.
    Groups(Vec<GroupTile>),
    /// The largest gaps.
    Attention(Vec<Attention>),
    /// Paragraphs.
    Text(Vec<Vec<Piece>>),
    /// Why there is nothing.
    Absent(String),
}

impl Body {
    /// Makes the ids of small lines the tile's own: another tile may show the same.
    fn name_apart(&mut self, id: &str) {
        let apart = |glance: &mut Glance| glance.line = named_apart(&glance.line, id);
        match self {
            Body::Sparkline(glance, _) => apart(glance),
            Body::Rows(rows) => rows.iter_mut().filter_map(|r| r.figure.as_mut()).for_each(apart),
            Body::Groups(groups) => groups.iter_mut().filter_map(|g| g.head.as_mut()).for_each(apart),
            _ => {}
        }
    }
}

/// A drawing for two widths, with the same figures as a table.
pub struct Drawing {
    /// For desks.
    pub broad: String,
    /// For phones; empty where one drawing serves both.
    pub narrow: String,
    /// The figures.
    pub sheet: Sheet,
}

impl<'a> Board<'a> {
    /// The figures that tiles are made from.
    pub fn reading(&self) -> Reading<'a> {
        Reading { catalog: &self.state.catalog, cube: &self.view.served.cube, language: self.view.language }
    }

    /// A section.
    pub async fn section(&self, number: usize, section: &Section) -> ShownSection {
        let mut shown = Vec::with_capacity(section.tiles.len());
        for (place, tile) in section.tiles.iter().enumerate() {
            let id = match &tile.id {
                Some(id) => format!("o-{id}"),
                None => format!("o{}-{}", number + 1, place + 1),
            };
            shown.push(self.tile(tile, id).await);
        }
        let title = section.title.as_ref().map(|t| t.of(self.view.language).to_owned()).unwrap_or_default();
        ShownSection { title, tiles: shown }
    }

    async fn tile(&self, tile: &Tile, id: String) -> ShownTile {
        let language = self.view.language;
        let mut shown = match self.view_of(tile) {
            Ok(view) => match tile.kind {
                Kind::Chart => self.case_chart(tile, &view, &id).await,
                _ => self.figures(tile, &view, &id),
            },
            Err(absent) => self.bare(Body::Absent(absent)),
        };
        shown.body.name_apart(&id);
        if let Some(title) = &tile.title {
            title.of(language).clone_into(&mut shown.title);
        }
        ShownTile { id, span: tile.span, ..shown }
    }

    /// A tile without a title.
    pub(super) fn bare(&self, body: Body) -> ShownTile {
        ShownTile { id: String::new(), span: 1, title: String::new(), url: String::new(), body }
    }

    fn figures(&self, tile: &Tile, view: &View, id: &str) -> ShownTile {
        let reading = self.reading();
        match tile.kind {
            Kind::Number | Kind::Change | Kind::Sparkline => self.number(tile, view),
            Kind::Table => self.bare(Body::Rows(rows(&reading, view, &self.listed(tile)).0)),
            Kind::Text => self.bare(Body::Text(self.paragraphs(tile, view))),
            Kind::Groups => {
                let found = read(&reading, view);
                let all = tiles(&reading, view, &found).into_iter().skip(tile.from - 1);
                self.bare(Body::Groups(all.take(tile.top.unwrap_or(usize::MAX)).collect()))
            }
            Kind::Attention => {
                let found = read(&reading, view);
                let mut list = gaps(&reading, view, &found);
                list.truncate(tile.top.unwrap_or(list.len()));
                self.bare(Body::Attention(list))
            }
            _ => match self.drawn(tile, view) {
                Ok(Drawn { chart, title, url, doors }) => {
                    let body = Body::Drawing(Box::new(self.drawing(&chart, tile.span, id, &doors)));
                    ShownTile { title, url, ..self.bare(body) }
                }
                Err(absent) => ShownTile { title: self.title_of(tile), ..self.bare(Body::Absent(absent)) },
            },
        }
    }

    /// The indicators that a table lists.
    fn listed(&self, tile: &Tile) -> Vec<&'a Indicator> {
        let all = &self.state.catalog.indicators;
        let named = tile.indicators.iter().filter_map(|code| all.get(code));
        let owned = all.values().filter(|i| tile.org.as_ref() == Some(&i.owner));
        named.chain(owned).collect()
    }

    /// The name of what a tile is about.
    pub(super) fn title_of(&self, tile: &Tile) -> String {
        let indicator = tile.indicators.first().and_then(|code| self.state.catalog.indicators.get(code));
        indicator.map(|i| self.reading().name(i).to_owned()).unwrap_or_default()
    }

    /// What the reader chose, with what the tile says instead.
    fn view_of(&self, tile: &Tile) -> Result<View, String> {
        let mut view = self.view.clone();
        let reading = self.reading();
        view.period = wanted(&reading, tile, self.view.period);
        view.period_given |= tile.when != When::Chosen || tile.freq.is_some();
        if let [area] = &tile.areas[..] {
            let areas = &self.state.catalog.areas;
            let ix = areas.at(area, view.period).or_else(|| areas.spans(area).last().copied());
            if !self.state.scope.allows_area(area) {
                return Err(
                    pick(view.language, "Địa bàn này không mở cho bạn.", "This area is not open to you.").to_owned()
                );
            }
            if let Some(ix) = ix {
                view.area.clone_from(area);
                view.area_name.clone_from(&areas.area(ix).name);
                view.area_kind = areas.area(ix).kind;
            }
        }
        Ok(view)
    }

    /// Why a figure is not there.
    pub(super) fn absent(&self, indicator: &Indicator, view: &View) -> String {
        let why = if super::super::reading::freq_for(indicator, view.period.freq()).is_none() {
            pick(view.language, "Chỉ tiêu này không công bố theo kỳ này.", "Not published at this frequency.")
        } else if indicator.level < view.area_kind {
            pick(view.language, "Chỉ tiêu này không công bố đến cấp này.", "Not published at this level.")
        } else {
            pick(view.language, "Chưa có số liệu cho kỳ và địa bàn này.", "No figures for this period and area.")
        };
        why.to_owned()
    }
}

/// The period that a tile is about.
fn wanted(reading: &Reading<'_>, tile: &Tile, chosen: Period) -> Period {
    let freq = tile.freq.unwrap_or(chosen.freq());
    let base = carried(chosen, freq, reading);
    match tile.when {
        When::Chosen => base,
        When::Back(n) => base.offset(-n),
        When::Fixed(period) => period,
        When::Newest => newest(reading.cube, tile, freq).unwrap_or(base),
    }
}

/// A period at another frequency: May 2022 by quarter is quarter II, 2022 by month is its newest month with figures.
fn carried(period: Period, freq: Freq, reading: &Reading<'_>) -> Period {
    period.to_freq(freq).unwrap_or_else(|| {
        let newest = super::super::reading::newest_period(reading.catalog, reading.cube, freq);
        let last = period.children(freq).last().unwrap_or(period);
        if period.children(freq).any(|p| p == newest) { newest } else { last }
    })
}

/// The newest period for which the tile's own indicator has a figure.
fn newest(cube: &CubeData, tile: &Tile, freq: Freq) -> Option<Period> {
    let block = cube.block(tile.indicators.first()?)?;
    let of_area = |cell: &&crate::cube::Cell| tile.areas.first().is_none_or(|area| *cell.area == **area);
    block.cells().filter(of_area).map(|cell| cell.period).filter(|p| p.freq() == freq).max()
}

/// "12 yếu nhất trong 22".
pub(super) fn part_of(shown: usize, all: usize, way: Direction, language: Language) -> String {
    let which = match way {
        Direction::Neutral => pick(language, "lớn nhất", "largest"),
        Direction::HigherBetter | Direction::LowerBetter => pick(language, "yếu nhất", "weakest"),
    };
    match language {
        Language::Vi => format!("{shown} {which} trong {all}"),
        Language::En => format!("{which} {shown} of {all}"),
    }
}

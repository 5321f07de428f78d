//! From a question to a page: the figures as of the instant asked for, the charts of the gallery, then the page itself.
//!
//! The first half asks the engine; the second ([`Draft::picture`]) only takes processor time and belongs into
//! `spawn_blocking`.

use std::sync::Arc;

use serde_json::to_value;

use super::content::{Drawing, Question};
use super::declared::{ChartPart, Infographic, Subject, Window};
use super::shelf::Shelf;
use super::size::PageSize;
use crate::catalog::Catalog;
use crate::chart::spec::Frame;
use crate::chart::{Chart, ChartError, Size};
use crate::compute::ask_cases::CaseQuery;
use crate::compute::{AskError, ComputeError, Engine, Served, ServedCases};
use crate::domain::{Freq, Period, Scope, Vintage};
use crate::error::{Coded, ErrorCode};
use crate::gallery::{self, Asked, ChartAskError, ChartRequest, ChartText, GalleryError};
use crate::present::Language;
use crate::present::reading::{Reading, newest_period};
use crate::report::stamp::Stamp;
use crate::typeset::{Document, Sheet, TypesetError};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The period; default the newest month.
    pub period: Option<Period>,
    /// The district; default the declared one.
    pub area: Option<String>,
    /// As known at an instant; default as served.
    pub as_of: Option<Vintage>,
    /// Language of all words.
    pub language: Language,
    /// The size; default the first declared.
    pub size: Option<PageSize>,
}

/// How a page is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// Vector, letters as outlines.
    Svg,
    /// Pixels, so many wide; default what the size needs.
    Png(Option<u32>),
    /// Tagged, to print.
    Pdf,
}

/// An infographic that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum InfographicError {
    /// No such infographic.
    #[error("there is no infographic \"{id}\"")]
    Unknown {
        /// As asked.
        id: String,
        /// The id most like it.
        nearest: Option<String>,
    },
    /// It does not come in this size.
    #[error("infographic \"{id}\" does not come in size \"{size}\"")]
    Size {
        /// Which.
        id: String,
        /// As asked.
        size: String,
        /// Sizes it comes in.
        known: String,
    },
    /// No such district.
    #[error("there is no district \"{area}\" in {period}")]
    Area {
        /// As asked.
        area: String,
        /// When.
        period: Period,
        /// The code or name most like it.
        nearest: Option<String>,
    },
    /// There are no figures at all.
    #[error("there are no figures yet")]
    Empty,
    /// A chart of it.
    #[error("chart \"{chart}\": {source}")]
    Chart {
        /// Its id on the page.
        chart: String,
        /// Why.
        source: ChartAskError,
    },
    /// A chart that could not be drawn.
    #[error(transparent)]
    Drawing(#[from] ChartError),
    /// The cases.
    #[error(transparent)]
    Cases(#[from] GalleryError),
    /// The figures.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The template.
    #[error(transparent)]
    Typeset(#[from] TypesetError),
    /// The content spills over.
    #[error("infographic \"{id}\" fills {pages} pages in size \"{size}\"; it is one page")]
    Overfull {
        /// Which.
        id: String,
        /// In which size.
        size: PageSize,
        /// How many.
        pages: usize,
    },
}

impl From<ComputeError> for InfographicError {
    fn from(error: ComputeError) -> Self {
        InfographicError::Ask(AskError::from(error))
    }
}

impl Coded for InfographicError {
    fn code(&self) -> ErrorCode {
        match self {
            InfographicError::Unknown { .. } | InfographicError::Area { .. } => ErrorCode::NotFound,
            InfographicError::Size { .. } => ErrorCode::BadRequest,
            InfographicError::Empty => ErrorCode::NotReady,
            InfographicError::Chart { source, .. } => source.code(),
            InfographicError::Drawing(e) => e.code(),
            InfographicError::Cases(e) => e.code(),
            InfographicError::Ask(e) => e.code(),
            InfographicError::Typeset(e) => e.code(),
            InfographicError::Overfull { .. } => ErrorCode::BadDeclaration,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            InfographicError::Unknown { nearest, .. } => {
                nearest.as_ref().map(|id| format!("The nearest is \"{id}\"; /infographics shows all."))
            }
            InfographicError::Area { nearest, .. } => nearest.as_ref().map(|area| format!("The nearest is {area}.")),
            InfographicError::Size { known, .. } => Some(format!("It comes in {known}.")),
            InfographicError::Empty => Some("Run `toancanh ingest`, or wait for the first scheduled pull.".to_owned()),
            InfographicError::Chart { source, .. } => source.hint(),
            InfographicError::Drawing(e) => e.hint(),
            InfographicError::Cases(e) => e.hint(),
            InfographicError::Ask(e) => e.hint(),
            InfographicError::Typeset(e) => e.hint(),
            InfographicError::Overfull { .. } => {
                Some("Show fewer lines in this size, or set the text smaller in the template.".to_owned())
            }
        }
    }
}

/// An infographic with everything it needs, not yet laid out.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Version of the data it is made from.
    pub version: String,
    shelf: Arc<Shelf>,
    catalog: Arc<Catalog>,
    id: String,
    served: Arc<Served>,
    cases: Option<Arc<ServedCases>>,
    query: CaseQuery,
    charts: Vec<(ChartPart, Chart)>,
    period: Period,
    area: (String, String),
    language: Language,
    size: PageSize,
    stamp: Stamp,
}

/// The infographic of an id.
pub fn declared<'s>(shelf: &'s Shelf, id: &str) -> Result<&'s Infographic, InfographicError> {
    let nearest = || shelf.nearest(id).map(str::to_owned);
    shelf.infographics.get(id).ok_or_else(|| InfographicError::Unknown { id: id.to_owned(), nearest: nearest() })
}

impl Draft {
    /// Gathers figures, cases and charts.
    pub async fn gather(
        engine: &Engine,
        scope: &Scope,
        shelf: Arc<Shelf>,
        id: &str,
        wanted: &Wanted,
    ) -> Result<Draft, InfographicError> {
        let infographic = declared(&shelf, id)?;
        let size = size_of(infographic, wanted)?;
        let served = engine.served_as_of(wanted.as_of).await?;
        if served.cube.cell_count() == 0 {
            return Err(InfographicError::Empty);
        }
        let catalog = engine.shared_catalog();
        let period = wanted.period.unwrap_or_else(|| newest_period(&catalog, &served.cube, Freq::M));
        let area = area_of(infographic, wanted, &catalog, period)?;
        if !scope.allows_area(&area.0) {
            return Err(AskError::Forbidden(area.0).into());
        }
        let cases = Some(engine.cases().await?).filter(|cases| !cases.book.is_empty());
        let known = match (wanted.as_of, &cases) {
            (Some(as_of), _) => as_of,
            (None, Some(cases)) => cases.as_of().vintage(),
            (None, None) => newest_vintage(&served, &catalog),
        };
        let query = window(infographic.window, period, wanted.as_of);
        let mut charts = Vec::new();
        for part in infographic.charts.iter().filter(|part| part.sizes.contains(&size)) {
            let chart = chart(engine, scope, part, (infographic, wanted, period, &area.0)).await;
            let failed = |source| InfographicError::Chart { chart: part.id.clone(), source };
            charts.push((part.clone(), chart.map_err(failed)?));
        }
        Ok(Draft {
            version: served.version.clone(),
            stamp: Stamp::new(&served.version, &catalog, known),
            catalog,
            id: id.to_owned(),
            served,
            cases,
            query,
            charts,
            period,
            area,
            language: wanted.language,
            size,
            shelf: Arc::clone(&shelf),
        })
    }

    /// The sheet: words, drawings, template.
    pub fn sheet(&self) -> Result<Sheet, InfographicError> {
        let infographic = declared(&self.shelf, &self.id)?;
        let asked = self.cases.as_ref().map(|cases| Asked {
            catalog: &self.catalog,
            book: &cases.book,
            question: cases.question(&self.query),
            is_begun: true,
            version: &self.version,
            language: self.language,
        });
        let question = Question {
            infographic,
            reading: Reading { catalog: &self.catalog, cube: &self.served.cube, language: self.language },
            cases: asked.as_ref(),
            period: self.period,
            area: &self.area.0,
            area_name: &self.area.1,
            size: self.size,
            stamp: &self.stamp,
        };
        let mut drawings = Vec::new();
        let mut content = question.content(&mut drawings)?;
        for (part, chart) in &self.charts {
            let path = format!("charts/{}.svg", part.id);
            let size = part.height.map_or_else(|| chart.fitting(part.width), |height| Size::new(part.width, height));
            drawings.push((path.clone(), chart.svg(size)?));
            let Frame { title, subtitle, description, .. } = chart.frame().clone();
            let alt = if description.is_empty() { title.clone() } else { format!("{title}. {description}") };
            content.charts.insert(part.id.clone(), Drawing { path: format!("/{path}"), alt, title, subtitle });
        }
        let modules = self.shelf.modules.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes()));
        let files = modules.chain(drawings.into_iter().map(|(path, svg)| (path, svg.into_bytes()))).collect();
        let title = format!("{} – {} – {}", content.kicker, content.place, content.period);
        let data = to_value(&content)
            .map_err(|error| TypesetError::Encode { name: self.id.clone(), reason: error.to_string() })?;
        Ok(Sheet {
            name: format!("{}.typ", self.id),
            template: infographic.template.clone(),
            data,
            files,
            title,
            language: self.language,
            issued: self.stamp.issued(),
            ident: self.stamp.ident(&format!("infographic {} {} {} {}", self.id, self.size, self.period, self.area.0)),
        })
    }

    /// The page as a file. This takes processor time.
    pub fn picture(&self, picture: Picture) -> Result<Vec<u8>, InfographicError> {
        let document = Document::of(&self.sheet()?)?;
        if document.page_count() != 1 {
            let pages = document.page_count();
            return Err(InfographicError::Overfull { id: self.id.clone(), size: self.size, pages });
        }
        Ok(match picture {
            Picture::Svg => document.svg(0)?.into_bytes(),
            Picture::Png(wide) => document.png(0, wide.unwrap_or_else(|| self.size.pixels_wide()))?,
            Picture::Pdf => document.pdf()?,
        })
    }
}

fn size_of(infographic: &Infographic, wanted: &Wanted) -> Result<PageSize, InfographicError> {
    let size = wanted.size.unwrap_or(infographic.sizes[0]);
    if infographic.sizes.contains(&size) {
        return Ok(size);
    }
    let known: Vec<&str> = infographic.sizes.iter().map(|size| size.as_str()).collect();
    Err(InfographicError::Size { id: infographic.id.clone(), size: size.to_string(), known: known.join(", ") })
}

/// Code and name of the area shown.
fn area_of(
    infographic: &Infographic,
    wanted: &Wanted,
    catalog: &Catalog,
    period: Period,
) -> Result<(String, String), InfographicError> {
    let code = match infographic.subject {
        Subject::City => return Ok((catalog.city.clone(), city_name(catalog, period))),
        Subject::District => wanted.area.as_deref().or(infographic.area.as_deref()).unwrap_or_default(),
    };
    let districts = || {
        let tree = &catalog.areas;
        tree.of_kind_on(crate::domain::AreaKind::District, period.last_day()).map(|ix| tree.area(ix))
    };
    if let Some(area) = districts().find(|area| area.code == code) {
        return Ok((area.code.clone(), area.name.clone()));
    }
    let asked = crate::domain::text::fold(code);
    let far = |area: &crate::domain::area::Area| {
        let by_name = strsim::damerau_levenshtein(&crate::domain::text::fold(&area.name), &asked);
        by_name.min(strsim::damerau_levenshtein(&area.code, code))
    };
    let nearest = districts().min_by_key(|area| far(area)).map(|area| format!("\"{}\", {}", area.code, area.name));
    Err(InfographicError::Area { area: code.to_owned(), period, nearest })
}

fn city_name(catalog: &Catalog, period: Period) -> String {
    let ix = catalog.areas.at(&catalog.city, period).or_else(|| catalog.areas.spans(&catalog.city).last().copied());
    ix.map_or_else(String::new, |ix| catalog.areas.area(ix).name.clone())
}

/// When the newest figure of the city was published.
fn newest_vintage(served: &Served, catalog: &Catalog) -> Vintage {
    let of_city = served.cube.blocks.values().flat_map(|block| block.of_area(&catalog.city));
    of_city.flat_map(|series| series.cells().iter().map(|cell| cell.vintage)).max().unwrap_or(Vintage::EARLIEST)
}

/// First and last period of the cases counted.
fn edges(window: Window, period: Period) -> (String, String) {
    let first = match window {
        Window::Period => period.to_string(),
        Window::Year => period
            .to_freq(Freq::A)
            .map_or_else(|| period.to_string(), |year| year.children(Freq::M).next().unwrap_or(period).to_string()),
    };
    (first, period.to_string())
}

fn window(window: Window, period: Period, as_of: Option<Vintage>) -> CaseQuery {
    let (from, to) = edges(window, period);
    CaseQuery { as_of, from: from.parse().ok(), to: to.parse().ok(), ..CaseQuery::default() }
}

type Asking<'a> = (&'a Infographic, &'a Wanted, Period, &'a str);

/// A chart of the gallery with its words outside: the template writes them in its own type.
async fn chart(
    engine: &Engine,
    scope: &Scope,
    part: &ChartPart,
    (infographic, wanted, period, area): Asking<'_>,
) -> Result<Chart, ChartAskError> {
    let given = |name: &str| part.parameters.get(name).cloned();
    let of_cases = gallery::ChartId::OF_CASES.iter().any(|(id, _)| *id == part.chart);
    let (from, to) = edges(part.window.unwrap_or(infographic.window), period);
    let over_time = part.chart == "overdue-trend";
    let text = ChartText {
        as_of: wanted.as_of.map(|at| at.to_string()),
        // A line over months goes back as far as it likes.
        from: Some(from).filter(|_| of_cases && !over_time),
        to: Some(to).filter(|_| of_cases),
        area: Some(area.to_owned()).filter(|_| part.own_area),
        rows: given("rows"),
        columns: given("columns"),
        by: given("by"),
        category: given("category"),
        channel: given("channel"),
        freq: given("freq"),
        period: Some(period.to_string()).filter(|_| !of_cases),
        lang: Some(wanted.language.tag().to_owned()),
        ..ChartText::default()
    };
    let request = ChartRequest::read(&part.chart, &text, engine.catalog())?;
    let mut chart = gallery::draw(engine, scope, &request).await?.chart;
    chart.frame_mut().bare = true;
    Ok(chart)
}

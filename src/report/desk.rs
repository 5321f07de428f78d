//! Where reports are ordered: figures and log in, gate, content, print out. What was printed is kept by version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Months, Utc};
use sha2::{Digest, Sha256};

use super::brief::{Asked, Scene, compose, usual_period};
use super::declared::{self, Declared};
use super::error::ReportError;
use super::gate::{self, Finding};
use super::workbook;
use crate::catalog::{Catalog, Diagnostics};
use crate::compute::log::LogQuery;
use crate::compute::{Engine, Served};
use crate::domain::{Period, Vintage};
use crate::feed::{Declarations, FeedHealth, feed_health};
use crate::present::Language;
use crate::typeset::{Document, Sheet};

/// Prints kept at most; one is some 400 KB.
const KEPT_MAX: usize = 24;
/// Runs that are read to judge the feeds.
const RUNS_READ: usize = 5_000;

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Tagged PDF.
    Pdf,
    /// The tables as a workbook.
    Xlsx,
    /// One page (from 0) as a picture, so many pixels wide.
    Png {
        /// Page, from 0.
        page: usize,
        /// Pixels.
        width: u32,
    },
}

impl Form {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Pdf => "pdf",
            Form::Xlsx => "xlsx",
            Form::Png { .. } => "png",
        }
    }

    /// The form of an ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "pdf" => Some(Form::Pdf),
            "xlsx" => Some(Form::Xlsx),
            "png" => Some(Form::Png { page: 0, width: 1240 }),
            _ => None,
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Form::Pdf => "application/pdf",
            Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Form::Png { .. } => "image/png",
        }
    }
}

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Which report.
    pub id: String,
    /// Period; the newest that is over by default.
    pub period: Option<Period>,
    /// As known at this instant; now by default.
    pub as_of: Option<Vintage>,
    /// Language.
    pub language: Language,
}

/// What an order comes to, before anything is set in type.
pub struct Ready {
    declared: Declared,
    asked: Asked,
    served: Arc<Served>,
    feeds: Vec<FeedHealth>,
    /// What lacks and is printed.
    pub lacks: Vec<Finding>,
    /// Data, declaration and what lacks: the same version is the same print, byte for byte.
    pub version: String,
}

impl Ready {
    /// The period it is for.
    pub fn period(&self) -> Period {
        self.asked.period
    }

    /// Name of its file: report, period, version of the data, language unless Vietnamese.
    pub fn file_name(&self, form: Form) -> String {
        let language = if self.asked.language == Language::En { "_en" } else { "" };
        let (id, period, data) = (&self.declared.id, self.asked.period, &self.served.version);
        format!("{id}_{period}_{data}{language}.{}", form.ending())
    }
}

/// Where reports are ordered.
#[derive(Debug)]
pub struct Desk {
    dashboards: PathBuf,
    kept: Mutex<BTreeMap<String, (String, Arc<Vec<u8>>)>>,
}

impl Desk {
    /// A desk over a folder of dashboards.
    pub fn new(dashboards: &Path) -> Self {
        Self { dashboards: dashboards.to_owned(), kept: Mutex::default() }
    }

    /// The declared reports as their files are now.
    pub fn declared(&self, catalog: &Catalog) -> Result<BTreeMap<String, Declared>, Diagnostics> {
        declared::load(&self.dashboards, catalog)
    }

    /// Reads the figures and asks the gate.
    pub async fn ready(
        &self,
        engine: &Engine,
        feeds: &Declarations,
        now: DateTime<Utc>,
        order: &Order,
    ) -> Result<Ready, ReportError> {
        let mut all = self.declared(engine.catalog())?;
        let known: Vec<String> = all.keys().cloned().collect();
        let declared = all.remove(&order.id).ok_or_else(|| ReportError::Unknown { id: order.id.clone(), known })?;
        let served = engine.served_as_of(order.as_of).await?;
        let first = declared.freqs[0];
        let usual = || usual_period(engine.catalog(), &served, order.as_of, first);
        let period = order.period.unwrap_or_else(usual);
        if !declared.freqs.contains(&period.freq()) {
            return Err(ReportError::Freq { id: order.id.clone(), period, offered: declared.freqs });
        }
        let asked =
            Asked { period, as_of: order.as_of, language: order.language, headlines: declared.headlines.clone() };
        let feeds = health(engine, feeds, now, order.as_of).await?;
        let scene = Scene { catalog: engine.catalog(), served: &served, before: None, feeds: &feeds, asked: &asked };
        let found = gate::findings(&scene, &declared.gate);
        let lacks = gate::pass(&declared.gate, found).map_err(|findings| ReportError::Refused {
            id: order.id.clone(),
            period,
            findings,
        })?;
        let version = version_of(&served.version, &declared.digest, &feeds, &lacks);
        Ok(Ready { declared, asked, served, feeds, lacks, version })
    }

    /// The print of what is ready: kept, or made now.
    pub async fn print(&self, engine: &Arc<Engine>, ready: Ready, form: Form) -> Result<Arc<Vec<u8>>, ReportError> {
        let key = format!("{} {} {:?} {form:?}", ready.declared.id, ready.asked.period, ready.asked.language);
        let version = ready.version.clone();
        if let Some(bytes) = self.kept(&key, &version) {
            return Ok(bytes);
        }
        let before = before(engine, &ready).await?;
        let catalog = Arc::clone(engine);
        let made = tokio::task::spawn_blocking(move || made(catalog.catalog(), &ready, &before, form)).await;
        let bytes = Arc::new(made.map_err(ReportError::BrokeOff)??);
        self.keep(key, version, &bytes);
        Ok(bytes)
    }

    fn kept(&self, key: &str, version: &str) -> Option<Arc<Vec<u8>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(held, _)| held == version).map(|(_, bytes)| Arc::clone(bytes))
    }

    fn keep(&self, key: String, version: String, bytes: &Arc<Vec<u8>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX && !kept.contains_key(&key) {
            kept.pop_first();
        }
        kept.insert(key, (version, Arc::clone(bytes)));
    }
}

/// How the feeds were doing: now, or at the instant asked for. Before the first pull nothing is known of them.
async fn health(
    engine: &Engine,
    feeds: &Declarations,
    now: DateTime<Utc>,
    as_of: Option<Vintage>,
) -> Result<Vec<FeedHealth>, ReportError> {
    let mut runs = engine.runs(&LogQuery { limit: RUNS_READ, ..LogQuery::default() }).await?.rows;
    runs.retain(|run| as_of.is_none_or(|at| run.finished_at <= at));
    if runs.is_empty() && as_of.is_some() {
        return Ok(Vec::new());
    }
    let at = as_of.and_then(Vintage::instant).unwrap_or(now).min(now);
    Ok(feed_health(feeds, &runs, at))
}

/// The figures as they were known a month before, at the end of a day, for what was revised since.
async fn before(engine: &Engine, ready: &Ready) -> Result<(Arc<Served>, Vintage), ReportError> {
    let known = super::brief::known_at(engine.catalog(), &ready.served, ready.asked.as_of);
    let day = known.local_date().and_then(|day| day.checked_sub_months(Months::new(1)));
    let at = day.map_or(known, Vintage::end_of_day);
    Ok((engine.served_as_of(Some(at)).await?, at))
}

fn version_of(data: &str, digest: &str, feeds: &[FeedHealth], lacks: &[Finding]) -> String {
    let mut hash = Sha256::new();
    for feed in feeds {
        hash.update(format!("{} {:?} {} {}", feed.code, feed.last_news, feed.rejected, feed.is_late()));
    }
    hash.update(format!("{lacks:?}"));
    let told: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{data}-{digest}-{told}")
}

/// Content and print; this takes processor time.
fn made(
    catalog: &Catalog,
    ready: &Ready,
    (before, since): &(Arc<Served>, Vintage),
    form: Form,
) -> Result<Vec<u8>, ReportError> {
    let scene = Scene {
        catalog,
        served: &ready.served,
        before: Some((before, *since)),
        feeds: &ready.feeds,
        asked: &ready.asked,
    };
    let stamp = scene.stamp();
    let brief = compose(&scene, &ready.lacks);
    if form == Form::Xlsx {
        return Ok(workbook::write(&brief, stamp.issued())?);
    }
    let data = serde_json::to_value(&brief).expect("a brief is text and numbers");
    let (name, template) = ready.declared.template.clone();
    let mut files = ready.declared.modules.clone();
    files.extend(brief.files);
    let sheet = Sheet {
        name,
        template,
        data,
        files,
        title: format!("{} · {}", brief.title, brief.place),
        language: ready.asked.language,
        issued: stamp.issued(),
        ident: stamp.ident(&format!(
            "{} {} {:?} {}",
            ready.declared.id, ready.asked.period, ready.asked.language, ready.version
        )),
    };
    let document = Document::of(&sheet)?;
    Ok(match form {
        Form::Pdf | Form::Xlsx => document.pdf()?,
        Form::Png { page, width } => document.png(page, width)?,
    })
}

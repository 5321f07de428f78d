//! The brief: what a leader has to know of a period, as content without any layout.
//!
//! ```text
//! Scene (figures of one state, one period, one language) -> summary, groups, units, overdue, appendix -> Brief
//! ```
//!
//! Every sentence is of [`crate::present`] or made of its words, every number comes from the served figures or the views
//! of the cases; nothing is computed here but places, differences between two states and counts of states.

mod appendix;
mod charts;
mod groups;
mod overdue;
mod revisions;
mod scene;
mod summary;
mod units;

use std::collections::BTreeMap;

use serde::Serialize;

pub use scene::{Asked, Scene, known_at, usual_period};

use super::gate::Finding;
use super::table::Table;
use crate::present::Language;

/// A figure that stands large.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Big {
    /// The number.
    pub number: String,
    /// What it is.
    pub words: String,
    /// Class of its colour.
    pub class: &'static str,
    /// Shape before it.
    pub mark: &'static str,
}

/// A chart of the brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// Stable name.
    pub id: &'static str,
    /// Its file.
    pub file: String,
    /// The chart in words, for who cannot see it.
    pub alt: String,
}

/// A part of the brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Stable name, by which a template finds it.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Sentences under the heading.
    pub lead: Vec<String>,
    /// Numbers that stand large.
    pub bigs: Vec<Big>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Charts.
    pub pictures: Vec<Picture>,
}

impl Part {
    pub(in crate::report) fn new(id: &'static str, title: &str) -> Self {
        let title = title.to_owned();
        Self { id, title, lead: Vec::new(), bigs: Vec::new(), tables: Vec::new(), pictures: Vec::new() }
    }
}

/// A brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Brief {
    /// Title: "Báo cáo tháng 5/2022".
    pub title: String,
    /// Whose: "Thành phố Hồ Chí Minh".
    pub place: String,
    /// The message in one sentence.
    pub message: String,
    /// Language tag.
    pub language: &'static str,
    /// What is missing; empty for a whole one.
    pub lacks: Vec<Finding>,
    /// Parts in their order.
    pub parts: Vec<Part>,
    /// Foot: as-of, data version, catalogue version, and that the sample is one.
    pub foot: Vec<String>,
    /// Files that pictures and lines name.
    #[serde(skip)]
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Brief {
    /// A part by its name.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// All tables in their order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.parts.iter().flat_map(|part| &part.tables)
    }
}

/// Composes the brief of a scene; `lacks` is what the gate found and lets pass.
pub fn compose(scene: &Scene<'_>, lacks: &[Finding]) -> Brief {
    let mut files = BTreeMap::new();
    let parts = vec![
        summary::part(scene, lacks),
        groups::part(scene, &mut files),
        groups::course(scene, &mut files),
        groups::details(scene),
        units::departments(scene),
        overdue::part(scene, &mut files),
        units::districts(scene, &mut files),
        appendix::definitions(scene),
        revisions::part(scene),
        appendix::sources(scene),
    ];
    Brief {
        title: scene.title(),
        place: scene.city_name(),
        message: summary::message(scene),
        language: match scene.asked.language {
            Language::Vi => "vi",
            Language::En => "en",
        },
        lacks: lacks.to_vec(),
        parts,
        foot: scene.stamp().words(scene.asked.language),
        files,
    }
}

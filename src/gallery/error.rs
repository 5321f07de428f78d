//! What can be wrong with a chart that was asked for.

use crate::cases::views::QuestionError;
use crate::chart::ChartError;
use crate::domain::work_calendar::WorkCalendarError;
use crate::error::{Coded, ErrorCode};

/// A chart that there is not, or that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// No such chart.
    #[error("there is no chart \"{id}\"")]
    UnknownChart {
        /// As asked.
        id: String,
        /// The id most like it.
        nearest: Option<String>,
    },
    /// A parameter that cannot be read, or that this chart has no use for.
    #[error("parameter \"{name}\": \"{text}\" is not {expected}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// As written.
        text: String,
        /// What it could be.
        expected: String,
        /// The allowed value most like it.
        nearest: Option<String>,
    },
    /// The indicator has no figures by district.
    #[error("indicator {indicator} is published for the whole city only")]
    CityOnly {
        /// Its code.
        indicator: String,
    },
    /// The question about cases.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The work calendar does not reach so far.
    #[error(transparent)]
    Calendar(#[from] WorkCalendarError),
    /// The size, or a spec of ours.
    #[error(transparent)]
    Chart(#[from] ChartError),
}

impl Coded for GalleryError {
    fn code(&self) -> ErrorCode {
        match self {
            GalleryError::UnknownChart { .. } => ErrorCode::NotFound,
            GalleryError::Parameter { .. } | GalleryError::CityOnly { .. } => ErrorCode::BadRequest,
            GalleryError::Question(e) => e.code(),
            GalleryError::Calendar(e) => e.code(),
            GalleryError::Chart(e) => e.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            GalleryError::UnknownChart { nearest, .. } | GalleryError::Parameter { nearest, .. } => {
                nearest.as_ref().map(|text| format!("The nearest is \"{text}\"."))
            }
            GalleryError::CityOnly { indicator } => {
                Some(format!("The chart of the city is \"indicator-{indicator}\"."))
            }
            GalleryError::Question(e) => e.hint(),
            GalleryError::Calendar(e) => e.hint(),
            GalleryError::Chart(e) => e.hint(),
        }
    }
}

/// The known text that is most like another.
pub(super) fn nearest<'k>(text: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let text = text.to_lowercase();
    known.min_by_key(|known| (strsim::damerau_levenshtein(&text, known), *known)).map(str::to_owned)
}

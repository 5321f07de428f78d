//! Status letters of the sources (SDMX, Eurostat, JSON-stat) in the words of this engine.

use crate::domain::ObsStatus;

/// The status of a flag; `None` for one that says nothing about how firm a figure is ("c" confidential, "d" differs).
/// No flag means normal.
pub(super) fn status_of(flag: &str) -> Option<ObsStatus> {
    match flag.trim().to_ascii_lowercase().as_str() {
        "" | "a" | "n" => Some(ObsStatus::A),
        "b" => Some(ObsStatus::B),
        "p" => Some(ObsStatus::P),
        // SDMX "I" is imputed: a value that somebody worked out.
        "e" | "i" | "s" => Some(ObsStatus::E),
        "f" => Some(ObsStatus::F),
        "m" | "l" | "o" | ":" => Some(ObsStatus::M),
        _ => None,
    }
}

//! Figures in words: the one place that decides how a number, a unit, a period, a state or a change is written, in
//! Vietnamese and in English, for pages, charts, files and reports alike.
//!
//! Pure: it takes cells of the cube and declared indicators and gives words; it computes no figure, reads no store and
//! knows no clock. What a reader concludes from a figure ("off target", "better than last year") is decided here too, in
//! [`judge`] and [`Change`], so that a page and a PDF cannot disagree.

mod case;
mod change;
#[cfg(test)]
mod fixture;
mod group;
mod number;
mod period;
pub mod reading;
mod rejection;
mod run;
mod sentence;
pub mod standing;
mod state;
mod status;
mod thresholds;
mod warning;

pub use crate::chart::spec::{Language, State};
pub use case::{
    case_state, case_state_word, duration_words, ending_word, event_word, flag_words, list_word, news_words,
    release_word,
};
pub use change::{Base, Change, Verdict};
pub use group::{Tally, group_state};
pub use number::{Written, count, exact, instant, number_format, short, signed, unit_label};
pub use period::{label_of, short_label, spoken};
pub use rejection::rejection_words;
pub use run::{RunEnd, RunFacts, run_sentence, run_word};
pub use sentence::{change_sentence, headline, plan_words, too_few};
pub use state::{Basis, Judged, Judgement, judge, pace_of, state_class, state_mark, state_rank, state_word};
pub use status::{coverage_words, is_soft, source_word, status_word};
pub use thresholds::Thresholds;
pub use warning::WarnRule;

/// One of two wordings.
pub fn pick(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}

//! The few words a chart says by itself, in both languages.

use super::spec::{Language, State};

/// A word in the language of the chart.
pub(super) fn word(language: Language, of: Word) -> &'static str {
    let (vi, en) = of.both();
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}

/// What the chart itself has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    NotFromZero,
    NoFigure,
    TooFew,
    Provisional,
    Estimated,
    Forecast,
    Target,
    AtRisk,
    Median,
    Days,
    Deadline,
    Break,
    CommonScale,
    State(State),
}

impl Word {
    #[cfg(test)]
    pub(super) const ALL: [Word; 18] = [
        Word::NotFromZero,
        Word::NoFigure,
        Word::TooFew,
        Word::Provisional,
        Word::Estimated,
        Word::Forecast,
        Word::Target,
        Word::AtRisk,
        Word::Median,
        Word::Days,
        Word::Deadline,
        Word::Break,
        Word::CommonScale,
        Word::State(State::Off),
        Word::State(State::Watch),
        Word::State(State::OnTarget),
        Word::State(State::Unknown),
        Word::State(State::TooFew),
    ];

    /// Vietnamese and English.
    pub(super) fn both(self) -> (&'static str, &'static str) {
        match self {
            Word::NotFromZero => ("trục không bắt đầu từ 0", "axis does not start at 0"),
            Word::NoFigure => ("chưa có số liệu", "no figure"),
            Word::TooFew => ("quá ít hồ sơ", "too few cases"),
            Word::Provisional => ("sơ bộ", "provisional"),
            Word::Estimated => ("ước tính", "estimated"),
            Word::Forecast => ("dự báo", "forecast"),
            Word::Target => ("kế hoạch", "target"),
            Word::AtRisk => ("Còn theo dõi", "At risk"),
            Word::Median => ("trung vị", "median"),
            Word::Days => ("ngày", "days"),
            Word::Deadline => ("hạn", "deadline"),
            Word::Break => ("thay đổi phương pháp", "break in series"),
            Word::CommonScale => ("thang đo chung", "common scale"),
            Word::State(State::Off) => ("không đạt", "off target"),
            Word::State(State::Watch) => ("cần theo dõi", "watch"),
            Word::State(State::OnTarget) => ("đạt", "on target"),
            Word::State(State::Unknown) => ("chưa đánh giá được", "not yet measurable"),
            Word::State(State::TooFew) => ("quá ít hồ sơ", "too few cases"),
        }
    }
}

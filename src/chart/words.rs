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
    NotApplicable,
    Provisional,
    Estimated,
    Forecast,
    Target,
    SamePeriod,
    Cases,
    AtRisk,
    Median,
    Days,
    StillOpen,
    Deadline,
    Break,
    State(State),
}

impl Word {
    #[cfg(test)]
    pub(super) const ALL: [Word; 21] = [
        Word::NotFromZero,
        Word::NoFigure,
        Word::TooFew,
        Word::NotApplicable,
        Word::Provisional,
        Word::Estimated,
        Word::Forecast,
        Word::Target,
        Word::SamePeriod,
        Word::Cases,
        Word::AtRisk,
        Word::Median,
        Word::Days,
        Word::StillOpen,
        Word::Deadline,
        Word::Break,
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
            Word::NotApplicable => ("không áp dụng", "not applicable"),
            Word::Provisional => ("sơ bộ", "provisional"),
            Word::Estimated => ("ước tính", "estimated"),
            Word::Forecast => ("dự báo", "forecast"),
            Word::Target => ("kế hoạch", "target"),
            Word::SamePeriod => ("cùng kỳ năm trước", "same period last year"),
            Word::Cases => ("hồ sơ", "cases"),
            Word::AtRisk => ("Còn theo dõi", "At risk"),
            Word::Median => ("trung vị", "median"),
            Word::Days => ("ngày", "days"),
            Word::StillOpen => ("còn chưa giải quyết", "still open"),
            Word::Deadline => ("hạn", "deadline"),
            Word::Break => ("thay đổi phương pháp", "break in series"),
            Word::State(State::Off) => ("không đạt", "off target"),
            Word::State(State::Watch) => ("cần theo dõi", "watch"),
            Word::State(State::OnTarget) => ("đạt", "on target"),
            Word::State(State::Unknown) => ("chưa đánh giá được", "not yet measurable"),
            Word::State(State::TooFew) => ("quá ít hồ sơ", "too few cases"),
        }
    }
}

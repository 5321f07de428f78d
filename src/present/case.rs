//! Citizens' reports in words: what happened, where one stands, how a turn ended, what a figure worth a look means.

use super::{Language, State, pick};
use crate::cases::views::{CaseState, FlagKind};
use crate::domain::case::{Ending, EventKind, Release};

/// What happened to a case.
pub fn event_word(kind: EventKind, language: Language) -> &'static str {
    let (vi, en) = match kind {
        EventKind::Received => ("Tiếp nhận", "Received"),
        EventKind::Dispatched => ("Chuyển đơn vị xử lý", "Sent to an authority"),
        EventKind::Accepted => ("Đơn vị nhận xử lý", "Taken on"),
        EventKind::Returned => ("Trả lại vì không đúng thẩm quyền", "Given back: not its competence"),
        EventKind::Paused => ("Tạm dừng, chờ người dân bổ sung", "Paused: the citizen is asked"),
        EventKind::Resumed => ("Tiếp tục xử lý", "Goes on"),
        EventKind::Extended => ("Gia hạn", "Deadline extended"),
        EventKind::Answered => ("Trả lời người dân", "Answered"),
        EventKind::Closed => ("Kết thúc", "Closed"),
        EventKind::Rejected => ("Không tiếp nhận", "Not taken up"),
        EventKind::Merged => ("Gộp vào phản ánh khác", "Merged into another report"),
        EventKind::Reopened => ("Người dân yêu cầu xử lý lại", "Reopened by the citizen"),
        EventKind::Rated => ("Người dân đánh giá", "Rated by the citizen"),
    };
    pick(language, vi, en)
}

/// Where a case stands.
pub fn case_state_word(state: CaseState, language: Language) -> &'static str {
    let (vi, en) = match state {
        CaseState::Open => ("đang xử lý", "open"),
        CaseState::Paused => ("tạm dừng", "paused"),
        CaseState::Overdue => ("quá hạn, chưa trả lời", "overdue, not answered"),
        CaseState::AnsweredOnTime => ("trả lời đúng hạn", "answered on time"),
        CaseState::AnsweredLate => ("trả lời trễ hạn", "answered late"),
        CaseState::Rejected => ("không tiếp nhận", "not taken up"),
        CaseState::Merged => ("đã gộp", "merged"),
        CaseState::PassedOn => ("đã chuyển đơn vị khác", "passed on"),
    };
    pick(language, vi, en)
}

/// Where a case stands, as a state with a shape and a colour.
pub fn case_state(state: CaseState) -> State {
    match state {
        CaseState::Overdue => State::Off,
        CaseState::AnsweredLate => State::Watch,
        CaseState::AnsweredOnTime => State::OnTarget,
        CaseState::Open | CaseState::Paused | CaseState::Rejected | CaseState::Merged | CaseState::PassedOn => {
            State::Unknown
        }
    }
}

/// How a handling round ended.
pub fn ending_word(ending: Ending, language: Language) -> &'static str {
    let (vi, en) = match ending {
        Ending::Open => ("đang xử lý", "open"),
        Ending::Answered => ("đã trả lời", "answered"),
        Ending::Rejected => ("không tiếp nhận", "not taken up"),
        Ending::Merged => ("đã gộp", "merged"),
    };
    pick(language, vi, en)
}

/// How the turn of an authority ended.
pub fn release_word(release: Release, language: Language) -> &'static str {
    let (vi, en) = match release {
        Release::Held => ("đang giữ", "held"),
        Release::Answered => ("đã trả lời", "answered"),
        Release::Rejected => ("không tiếp nhận", "not taken up"),
        Release::Merged => ("đã gộp", "merged"),
        Release::Returned => ("trả lại", "given back"),
        Release::Transferred => ("chuyển tiếp", "passed on"),
    };
    pick(language, vi, en)
}

/// What a figure worth a look is about.
pub fn flag_words(kind: FlagKind, language: Language) -> &'static str {
    let (vi, en) = match kind {
        FlagKind::JustBeforeLimit => {
            ("Trả lời trong 15 phút cuối trước hạn", "Answered in the last 15 minutes before the deadline")
        }
        FlagKind::BulkClosing => ("Trả lời hàng loạt trong một phút", "Answered in bulk within a minute"),
        FlagKind::Bouncing => ("Chuyển đi chuyển lại", "Passed back and forth"),
        FlagKind::ReopenedAfterOnTime => {
            ("Đúng hạn nhưng người dân yêu cầu xử lý lại", "On time, but reopened by the citizen")
        }
    };
    pick(language, vi, en)
}

/// The cases of a list, by its name in addresses: "trễ hạn", "tiếp nhận".
pub fn list_word(which: &str, language: Language) -> &'static str {
    let (vi, en) = match which {
        "open" => ("đang mở", "open"),
        "open_overdue" => ("đang mở và đã quá hạn", "open and overdue"),
        "received" => ("tiếp nhận", "received"),
        "handled" => ("tiếp nhận và đã xử lý", "received and handled"),
        "not_handled" => ("tiếp nhận, chưa xử lý", "received, not handled"),
        "closed" => ("đã trả lời", "answered"),
        "due" => ("đến hạn", "due"),
        "rejected" => ("không tiếp nhận", "not taken up"),
        "merged" => ("đã gộp", "merged"),
        "reopened" => ("được yêu cầu xử lý lại", "reopened"),
        "soon" => ("sắp đến hạn", "due soon"),
        _ => ("trễ hạn", "overdue"),
    };
    pick(language, vi, en)
}

/// A length of time on the wall clock: "45 phút", "5 giờ", "12,3 ngày".
pub fn duration_words(seconds: u32, language: Language) -> String {
    let (hours, unit) = (f64::from(seconds) / 3600.0, |vi, en| pick(language, vi, en));
    let number = |value: f64, decimals| super::number::bare(value, decimals, language);
    match hours {
        h if h < 1.0 => format!("{}\u{a0}{}", number(h * 60.0, 0), unit("phút", "min")),
        h if h < 48.0 => format!("{}\u{a0}{}", number(h, 0), unit("giờ", "hours")),
        h => format!("{}\u{a0}{}", number(h / 24.0, 1), unit("ngày", "days")),
    }
}

/// What came while a page was open: "3 phản ánh mới lúc 08:05". `time` is the city's wall clock.
pub fn news_words(new: usize, changed: bool, time: &str, language: Language) -> String {
    match (language, new, changed) {
        (Language::Vi, 0, false) => format!("Số liệu tính đến {time}"),
        (Language::Vi, 0, true) => format!("Hồ sơ phản ánh được cập nhật lúc {time}"),
        (Language::Vi, n, _) => format!("{} phản ánh mới lúc {time}", super::count(n, language)),
        (Language::En, 0, false) => format!("Figures as of {time}"),
        (Language::En, 0, true) => format!("Reports updated at {time}"),
        (Language::En, 1, _) => format!("1 new report at {time}"),
        (Language::En, n, _) => format!("{} new reports at {time}", super::count(n, language)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_and_lengths_of_time_are_said_as_one_reads_them() {
        assert_eq!(news_words(3, true, "08:05", Language::Vi), "3 phản ánh mới lúc 08:05");
        assert_eq!(news_words(1, true, "08:05", Language::En), "1 new report at 08:05");
        assert_eq!(news_words(0, false, "08:06", Language::Vi), "Số liệu tính đến 08:06");
        let said = |seconds| duration_words(seconds, Language::Vi).replace('\u{a0}', " ");
        assert_eq!([1800, 5 * 3600, 295 * 3600].map(said), ["30 phút", "5 giờ", "12,3 ngày"]);
    }
}

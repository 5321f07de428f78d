//! How sure a figure is, and what of it is there.

use super::{Language, pick};
use crate::cube::Cell;
use crate::domain::{Freq, ObsStatus, Source};

/// "chính thức", "sơ bộ", "ước tính", ...
pub fn status_word(status: ObsStatus, language: Language) -> &'static str {
    match status {
        ObsStatus::A => pick(language, "chính thức", "official"),
        ObsStatus::B => pick(language, "chính thức, thay đổi phương pháp", "official, break in series"),
        ObsStatus::P => pick(language, "sơ bộ", "provisional"),
        ObsStatus::E => pick(language, "ước tính", "estimated"),
        ObsStatus::F => pick(language, "dự báo", "forecast"),
        ObsStatus::M => pick(language, "thiếu", "missing"),
    }
}

/// Whether the figure may still change: not official, or not complete.
pub fn is_soft(cell: &Cell) -> bool {
    !matches!(cell.status, ObsStatus::A | ObsStatus::B) || !cell.complete
}

/// What of the figure is missing, in words; empty for a whole one: "mới có 5/12 tháng", "21/22 đơn vị".
pub fn coverage_words(cell: &Cell, language: Language) -> Vec<String> {
    let mut words = Vec::new();
    if cell.periods_present < cell.periods_due {
        let quarters = cell.periods_due <= 4 && cell.period.freq() == Freq::A;
        let kind = if quarters { pick(language, "quý", "quarters") } else { pick(language, "tháng", "months") };
        let only = pick(language, "mới có ", "");
        words.push(format!("{only}{}/{} {kind}", cell.periods_present, cell.periods_due));
    }
    if cell.areas_present < cell.areas_due {
        let kind = if cell.in_days { pick(language, "ngày", "days") } else { pick(language, "địa bàn", "areas") };
        words.push(format!("{}/{} {kind}", cell.areas_present, cell.areas_due));
    }
    if cell.carried > 0 {
        words.push(match language {
            Language::Vi => format!("có phần dùng số của {} kỳ trước", cell.carried),
            Language::En => format!("part is carried forward {} periods", cell.carried),
        });
    }
    if cell.apportioned {
        words.push(pick(language, "phân bổ theo tỷ lệ", "apportioned").to_owned());
    }
    words
}

/// Where figures come from, in words.
pub fn source_word(source: Source, language: Language) -> &'static str {
    match source {
        Source::StatisticsOffice => pick(language, "Cục Thống kê", "Statistics Office"),
        Source::SocialInsurance => pick(language, "Bảo hiểm xã hội", "Social Insurance"),
        Source::Department => pick(language, "Báo cáo của sở, ngành", "Department report"),
        Source::CaseStore => pick(language, "Hồ sơ 1022", "1022 cases"),
    }
}

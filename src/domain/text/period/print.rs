//! Period labels for people; [`super::read_period`] reads every one of them back.

use super::PeriodLabel;
use crate::domain::{Freq, ObsStatus, Period};

const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "Tháng 5/2022", "Quý II/2022", "Năm 2022".
pub fn period_vi(period: Period) -> String {
    match period.freq() {
        Freq::M => format!("Tháng {}/{:04}", period.position(), period.year()),
        Freq::Q => format!("Quý {}/{:04}", ROMAN[period.position() as usize - 1], period.year()),
        Freq::A => format!("Năm {:04}", period.year()),
    }
}

/// "May 2022", "Q2 2022", "2022".
pub fn period_en(period: Period) -> String {
    match period.freq() {
        Freq::M => format!("{} {:04}", MONTHS[period.position() as usize - 1], period.year()),
        Freq::Q => format!("Q{} {:04}", period.position(), period.year()),
        Freq::A => format!("{:04}", period.year()),
    }
}

/// A whole label: "Ước tính tháng 5/2022", "5 tháng đầu năm 2022", "Lũy kế đến hết quý II/2022".
pub fn label_vi(label: PeriodLabel) -> String {
    let PeriodLabel { period, ytd, status } = label;
    let text = match (ytd, period.freq()) {
        (true, Freq::M) => format!("{} tháng đầu năm {:04}", period.position(), period.year()),
        (true, Freq::Q) => format!("Lũy kế đến hết {}", lower_first(&period_vi(period))),
        (_, Freq::M | Freq::Q | Freq::A) => period_vi(period),
    };
    match status.and_then(word_vi) {
        Some(word) => format!("{word} {}", lower_first(&text)),
        None => text,
    }
}

/// A whole label in English: "Estimated May 2022", "first 5 months of 2022", "Year to Q2 2022".
pub fn label_en(label: PeriodLabel) -> String {
    let PeriodLabel { period, ytd, status } = label;
    let text = match (ytd, period.freq(), period.position()) {
        (true, Freq::M, 1) => format!("First month of {:04}", period.year()),
        (true, Freq::M, n) => format!("First {n} months of {:04}", period.year()),
        (true, Freq::Q, _) => format!("Year to {}", period_en(period)),
        (_, Freq::M | Freq::Q | Freq::A, _) => period_en(period),
    };
    match status.and_then(word_en) {
        Some(word) if ytd => format!("{word} {}", lower_first(&text)),
        Some(word) => format!("{word} {text}"),
        None => text,
    }
}

/// The word in front of a label; a break in series and a missing figure have none, since they are not said of a period.
fn word_vi(status: ObsStatus) -> Option<&'static str> {
    match status {
        ObsStatus::A => Some("Chính thức"),
        ObsStatus::P => Some("Sơ bộ"),
        ObsStatus::E => Some("Ước tính"),
        ObsStatus::F => Some("Dự báo"),
        ObsStatus::B | ObsStatus::M => None,
    }
}

fn word_en(status: ObsStatus) -> Option<&'static str> {
    match status {
        ObsStatus::A => Some("Official"),
        ObsStatus::P => Some("Provisional"),
        ObsStatus::E => Some("Estimated"),
        ObsStatus::F => Some("Forecast"),
        ObsStatus::B | ObsStatus::M => None,
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

//! Periods in words, on axes and in sentences.

use super::Language;
use crate::domain::text::{period_en, period_vi};
use crate::domain::{Freq, Period};

/// "Tháng 5/2022", "Quý II/2022", "Năm 2022"; "May 2022", "Q2 2022", "2022".
pub fn label_of(period: Period, language: Language) -> String {
    match language {
        Language::Vi => period_vi(period),
        Language::En => period_en(period),
    }
}

/// The label inside a sentence: "tháng 5/2022".
pub fn spoken(period: Period, language: Language) -> String {
    let label = label_of(period, language);
    match language {
        Language::Vi => lower_first(&label),
        Language::En => label,
    }
}

/// On an axis: "T5/22", "Q2/22", "2022".
pub fn short_label(period: Period, language: Language) -> String {
    let year = period.year().rem_euclid(100);
    match (period.freq(), language) {
        (Freq::M, Language::Vi) => format!("T{}/{year:02}", period.position()),
        (Freq::M, Language::En) => format!("{}/{year:02}", period.position()),
        (Freq::Q, Language::Vi | Language::En) => format!("Q{}/{year:02}", period.position()),
        (Freq::A, Language::Vi | Language::En) => format!("{}", period.year()),
    }
}

/// The text with its first letter small.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The text with its first letter large.
pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frequency_has_its_words() {
        let said = |text: &str, language| {
            let period: Period = text.parse().unwrap();
            [label_of(period, language), spoken(period, language), short_label(period, language)]
        };
        assert_eq!(said("2022-05", Language::Vi), ["Tháng 5/2022", "tháng 5/2022", "T5/22"]);
        assert_eq!(said("2022-Q2", Language::Vi), ["Quý II/2022", "quý II/2022", "Q2/22"]);
        assert_eq!(said("2009", Language::Vi), ["Năm 2009", "năm 2009", "2009"]);
        assert_eq!(said("2022-05", Language::En), ["May 2022", "May 2022", "5/22"]);
    }
}

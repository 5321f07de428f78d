//! Units and magnitudes as they are read: "1.234 nghìn tỷ đồng" rather than seven digits.

use crate::chart::spec::{Language, NumberFormat};
use crate::domain::{Indicator, Unit};

/// Longer units stand in the subtitle only.
const LONGEST_BESIDE: usize = 14;

/// How values of one chart are shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// A value divided by it is shown.
    pub factor: f64,
    /// The unit in words.
    pub unit: String,
    /// Decimals, and the unit where it is short.
    pub format: NumberFormat,
}

impl Reading {
    /// Fits figures as large as `most`.
    pub fn of(indicator: &Indicator, unit: &Unit, most: f64, language: Language) -> Reading {
        let label = match language {
            Language::Vi => &unit.label_vi,
            Language::En => &unit.label_en,
        };
        let label = if label == "percent" { "%" } else { label };
        let thousands = ["nghìn", "triệu", "thousand", "million"];
        let is_scaled = most >= 1e6 && !unit.rate && !thousands.iter().any(|word| label.starts_with(word));
        let (factor, prefix, decimals) = match (is_scaled, most >= 1e9, language) {
            (false, _, _) => (1.0, "", usize::from(indicator.decimals)),
            (true, true, Language::Vi) => (1e6, "triệu ", 1),
            (true, true, Language::En) => (1e6, "million ", 1),
            (true, false, Language::Vi) => (1e3, "nghìn ", 1),
            (true, false, Language::En) => (1e3, "thousand ", 1),
        };
        // "thousand billion VND" is not read by anyone.
        let (factor, prefix, decimals) = match (language, label.starts_with("billion")) {
            (Language::En, true) if is_scaled => (1e3, "", 1),
            _ => (factor, prefix, decimals),
        };
        let trillion = label.replacen("billion", "trillion", 1);
        let label =
            if language == Language::En && is_scaled && label.starts_with("billion") { &trillion } else { label };
        let unit = format!("{prefix}{label}");
        let beside = if unit.chars().count() <= LONGEST_BESIDE && !unit.contains('(') { unit.as_str() } else { "" };
        Reading { factor, format: NumberFormat::new(decimals, beside), unit }
    }

    /// A value with its unit, inside a sentence.
    pub fn told(&self, value: f64, language: Language) -> String {
        let number = self.format.bare(value / self.factor, language);
        // "103,2 % (cùng kỳ năm trước = 100)" needs no brackets in a sentence.
        format!("{number}\u{a0}{}", self.unit)
    }
}

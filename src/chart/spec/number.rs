//! How the numbers of a chart are printed.

use crate::domain::text::{format_en, format_vi};

use super::Language;

/// Decimals and unit of the numbers of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberFormat {
    /// Decimals of every number; axes take as many as their ticks need.
    pub decimals: usize,
    /// Unit of measure as it stands behind a number ("%", "tỷ đồng"); may be empty.
    pub unit: String,
    /// Whether a rise is written with a plus.
    pub signed: bool,
}

impl NumberFormat {
    /// Numbers with so many decimals and this unit.
    pub fn new(decimals: usize, unit: impl Into<String>) -> NumberFormat {
        NumberFormat { decimals, unit: unit.into(), signed: false }
    }

    /// The number without its unit: `1.234,5`. The minus is a minus sign, not a hyphen.
    pub fn bare(&self, value: f64, language: Language) -> String {
        self.with_decimals(value, self.decimals, language)
    }

    /// The number with its unit, which a line break never parts from it: `1.234,5 %`.
    pub fn print(&self, value: f64, language: Language) -> String {
        let number = self.bare(value, language);
        if self.unit.is_empty() { number } else { format!("{number}\u{a0}{}", self.unit) }
    }

    /// The number with other decimals than declared, for ticks.
    pub(in crate::chart) fn with_decimals(&self, value: f64, decimals: usize, language: Language) -> String {
        let text = match language {
            Language::Vi => format_vi(value, decimals),
            Language::En => format_en(value, decimals),
        };
        let plus =
            if self.signed && value > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "+" } else { "" };
        format!("{plus}{}", text.replacen('-', "−", 1))
    }
}

/// A count, without unit: the n behind a rate.
pub(in crate::chart) fn count(n: u64, language: Language) -> String {
    NumberFormat::default().bare(n as f64, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let format = NumberFormat::new(1, "%");
        assert_eq!(format.print(1234.56, Language::Vi), "1.234,6\u{a0}%");
        assert_eq!(format.print(-1234.56, Language::En), "−1,234.6\u{a0}%");
        let signed = NumberFormat { signed: true, ..format };
        assert_eq!(signed.bare(3.0, Language::Vi), "+3,0");
        assert_eq!(signed.bare(0.01, Language::Vi), "0,0");
        assert_eq!(count(15_117, Language::Vi), "15.117");
    }
}

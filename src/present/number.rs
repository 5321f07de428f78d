//! Numbers and their units, for reading and exactly.

use chrono_tz::Asia::Ho_Chi_Minh;

use super::{Language, pick};
use crate::chart::spec::NumberFormat;
use crate::domain::text::{format_en, format_vi};
use crate::domain::{Indicator, Unit, Vintage};

/// A number and the unit that belongs behind it, apart so that a page can set them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// `209,8`.
    pub number: String,
    /// `nghìn tỷ đồng`; may be empty.
    pub unit: String,
}

impl std::fmt::Display for Written {
    /// `209,8 nghìn tỷ đồng`; no line break parts the number from its unit.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.number)?;
        if self.unit.is_empty() { Ok(()) } else { write!(f, "\u{a0}{}", self.unit) }
    }
}

/// The unit's name in a language.
pub fn unit_label(unit: &Unit, language: Language) -> &str {
    match language {
        Language::Vi => &unit.label_vi,
        Language::En => &unit.label_en,
    }
}

/// The unit as it stands behind a number. The base of an index belongs to its definition, not behind every value.
fn behind(unit: &Unit, language: Language) -> String {
    if matches!(unit.family.as_str(), "share" | "index" | "relative") {
        return if unit.code == "per_mille" { "‰".to_owned() } else { "%".to_owned() };
    }
    unit_label(unit, language).to_owned()
}

/// A bare number with fixed decimals and a true minus sign.
pub(super) fn bare(value: f64, decimals: usize, language: Language) -> String {
    let text = match language {
        Language::Vi => format_vi(value, decimals),
        Language::En => format_en(value, decimals),
    };
    text.replacen('-', "−", 1)
}

/// The figure as declared, to its last decimal.
pub fn exact(value: f64, indicator: &Indicator, unit: &Unit, language: Language) -> Written {
    Written { number: bare(value, indicator.decimals.into(), language), unit: behind(unit, language) }
}

/// The figure for a glance: from six digits on in the next larger unit ("209,8 nghìn tỷ đồng", "9,17 triệu người").
///
/// ```
/// use toancanh::domain::Unit;
/// use toancanh::present::{Language, short};
/// let unit = Unit { code: "vnd_billion".into(), label_vi: "tỷ đồng".into(), label_en: "billion VND".into(),
///     factor: 1e9, family: "vnd".into(), rate: false };
/// assert_eq!(short(209_824.5, 0, &unit, Language::Vi).to_string(), "209,8\u{a0}nghìn tỷ đồng");
/// assert_eq!(short(209_824.5, 0, &unit, Language::En).to_string(), "209.8\u{a0}trillion VND");
/// ```
pub fn short(value: f64, decimals: u8, unit: &Unit, language: Language) -> Written {
    let label = behind(unit, language);
    match larger(value, &label, language) {
        Some((divisor, label)) => {
            let scaled = value / divisor;
            let decimals = if scaled.abs() < 10.0 { 2 } else { 1 };
            Written { number: bare(scaled, decimals, language), unit: label }
        }
        None => Written { number: bare(value, decimals.into(), language), unit: label },
    }
}

/// The divisor and name of the next larger unit, where the number is too long to be read at a glance.
fn larger(value: f64, label: &str, language: Language) -> Option<(f64, String)> {
    let (nothing, steps): (&str, [(&str, &str); 3]) = match language {
        Language::Vi => ("triệu", [("nghìn ", "triệu "), ("triệu ", "tỷ "), ("tỷ ", "nghìn tỷ ")]),
        Language::En => ("million", [("thousand ", "million "), ("million ", "billion "), ("billion ", "trillion ")]),
    };
    let step = steps.iter().find_map(|(from, to)| label.strip_prefix(from).map(|rest| format!("{to}{rest}")));
    match step {
        Some(label) => (value.abs() >= 99_999.5).then_some((1e3, label)),
        None if label == "%" || label == "‰" => None,
        None => (value.abs() >= 999_999.5).then(|| (1e6, format!("{nothing} {label}").trim_end().to_owned())),
    }
}

/// A difference with its sign: `+1.234`, `−0,4`, and `0,0` without one.
pub fn signed(value: f64, decimals: usize, language: Language) -> String {
    let text = bare(value, decimals, language);
    let rises = value > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if rises { format!("+{text}") } else { text }
}

/// A count without a unit.
pub fn count(n: usize, language: Language) -> String {
    bare(n as f64, 0, language)
}

/// How a chart prints the figures of an indicator.
pub fn number_format(indicator: &Indicator, unit: &Unit, language: Language) -> NumberFormat {
    NumberFormat::new(indicator.decimals.into(), behind(unit, language))
}

/// A day and time in the city: `08:15 25/5/2022`, `25 May 2022, 08:15`.
pub fn instant(at: Vintage, language: Language) -> String {
    let Some(at) = at.instant() else { return pick(language, "hiện nay", "now").to_owned() };
    let local = at.with_timezone(&Ho_Chi_Minh);
    match language {
        Language::Vi => local.format("%H:%M %-d/%-m/%Y").to_string(),
        Language::En => local.format("%-d %b %Y, %H:%M").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(vi: &str, en: &str, family: &str) -> Unit {
        let (label_vi, label_en, family) = (vi.to_owned(), en.to_owned(), family.to_owned());
        Unit { code: "u".to_owned(), label_vi, label_en, factor: 1.0, family, rate: false }
    }

    #[test]
    fn long_numbers_go_to_the_next_unit_and_short_ones_stay() {
        let said = |value, decimals, vi: &str| short(value, decimals, &unit(vi, vi, "x"), Language::Vi).to_string();
        assert_eq!(said(1_298_791.0, 0, "tỷ đồng"), "1.298,8\u{a0}nghìn tỷ đồng");
        assert_eq!(said(57_757.0, 0, "tỷ đồng"), "57.757\u{a0}tỷ đồng");
        assert_eq!(said(9_166_840.0, 0, "người"), "9,17\u{a0}triệu người");
        assert_eq!(said(830_000.0, 0, "người"), "830.000\u{a0}người");
        assert_eq!(said(120_700.0, 1, "triệu USD"), "120,7\u{a0}tỷ USD");
        assert_eq!(said(-4.36, 2, "%"), "−4,36\u{a0}%");
    }

    #[test]
    fn the_base_of_an_index_is_not_repeated_behind_its_values() {
        let index = unit("% (2019 = 100)", "index 2019 = 100", "index");
        assert_eq!(short(118.42, 1, &index, Language::Vi).to_string(), "118,4\u{a0}%");
    }

    #[test]
    fn a_difference_says_its_direction_unless_it_rounds_to_nothing() {
        assert_eq!(signed(9.04, 1, Language::Vi), "+9,0");
        assert_eq!(signed(-0.44, 1, Language::En), "−0.4");
        assert_eq!(signed(0.01, 1, Language::Vi), "0,0");
        assert_eq!(signed(-0.01, 1, Language::Vi), "0,0");
    }

    #[test]
    fn instants_are_of_the_city() {
        let at: Vintage = "2022-05-25T01:15:00Z".parse().unwrap();
        assert_eq!(instant(at, Language::Vi), "08:15 25/5/2022");
        assert_eq!(instant(at, Language::En), "25 May 2022, 08:15");
    }
}

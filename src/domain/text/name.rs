//! Keys under which differently written place names meet: "Q.1", "Quận 01" and "Quan 1" are one district.
//!
//! A key is text only. Which area it means depends on a date and on what lies around it:
//! [`crate::domain::AreaTree::find_by_name`].

use super::fold::{clean, fold, settle_tones};

/// The word before the name: what kind of unit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AreaPrefix {
    /// Tỉnh.
    Province,
    /// Thành phố, TP.
    City,
    /// Quận, Q.
    UrbanDistrict,
    /// Huyện, H.
    RuralDistrict,
    /// Thị xã, TX.
    Town,
    /// Phường, P.
    Ward,
    /// Xã, X.
    Commune,
    /// Thị trấn, TT.
    Township,
    /// Đặc khu.
    SpecialZone,
}

/// Full words and, where there is one, the abbreviation of each prefix. Longer forms come first.
const PREFIXES: [(&str, &str, AreaPrefix); 9] = [
    ("thành phố", "tp", AreaPrefix::City),
    ("thị trấn", "tt", AreaPrefix::Township),
    ("thị xã", "tx", AreaPrefix::Town),
    ("đặc khu", "đk", AreaPrefix::SpecialZone),
    ("phường", "p", AreaPrefix::Ward),
    ("huyện", "h", AreaPrefix::RuralDistrict),
    ("quận", "q", AreaPrefix::UrbanDistrict),
    ("tỉnh", "", AreaPrefix::Province),
    ("xã", "x", AreaPrefix::Commune),
];

/// A place name without its spelling variants.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaKey {
    prefix: Option<AreaPrefix>,
    name: String,
}

impl AreaKey {
    /// The kind word, if one was written.
    pub fn prefix(&self) -> Option<AreaPrefix> {
        self.prefix
    }

    /// The name: lower case, one tone placement, no leading zeros.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name without diacritics.
    pub fn folded(&self) -> String {
        fold(&self.name)
    }

    /// Whether the name is a number alone; without a prefix that names nothing.
    pub fn is_number(&self) -> bool {
        self.name.bytes().all(|b| b.is_ascii_digit())
    }

    /// Whether both may mean the same unit: same name, and the same kind word unless one has none.
    pub fn agrees_with(&self, other: &AreaKey) -> bool {
        self.name == other.name && self.prefix_agrees_with(other)
    }

    /// Whether the kind words are the same or one is absent.
    pub fn prefix_agrees_with(&self, other: &AreaKey) -> bool {
        self.prefix.is_none() || other.prefix.is_none() || self.prefix == other.prefix
    }
}

/// The key of a name as written.
pub fn area_key(text: &str) -> AreaKey {
    let lower = settle_tones(&clean(text)).to_lowercase();
    let bare = strip_footnote(&lower);
    let (prefix, name) = split_prefix(bare);
    let name = name.replace(" - ", "-").replace(" – ", "-");
    let words: Vec<String> = name.split_whitespace().map(canonical_word).collect();
    AreaKey { prefix, name: words.join(" ") }
}

/// Takes `*`, `(*)` or `(1)` off the end.
fn strip_footnote(text: &str) -> &str {
    let text = text.trim_end_matches('*').trim_end();
    match text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) {
        Some((name, mark)) if mark.bytes().all(|b| b == b'*' || b.is_ascii_digit()) => name.trim_end(),
        _ => text,
    }
}

/// Splits the kind word off. An abbreviation needs a dot, a space or a digit after it, or (no word begins like it:
/// "TPHCM") two letters of its own.
fn split_prefix(text: &str) -> (Option<AreaPrefix>, &str) {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("t.p") {
        return (Some(AreaPrefix::City), rest.trim_start_matches(['.', ' ']));
    }
    for (word, short, prefix) in PREFIXES {
        for form in [word.to_owned(), fold(word)] {
            if let Some(rest) = text.strip_prefix(form.as_str()).filter(|r| ends_word(r)) {
                return (Some(prefix), rest.trim_start_matches(['.', ' ']));
            }
        }
        let rest = if short.is_empty() { None } else { text.strip_prefix(short) };
        if let Some(rest) = rest.filter(|r| ends_word(r) || (short.chars().count() == 2 && !r.is_empty())) {
            return (Some(prefix), rest.trim_start_matches(['.', ' ']));
        }
    }
    (None, text)
}

/// Whether a word ended just before `rest`, with something after it.
fn ends_word(rest: &str) -> bool {
    rest.starts_with(|c: char| c == '.' || c == ' ' || c.is_ascii_digit())
}

/// Numbers without leading zeros; `i` for a lone `y` ("Quy Đức" is also printed "Qui Đức").
fn canonical_word(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        let trimmed = word.trim_start_matches('0');
        return if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() };
    }
    const ONSETS: [&str; 8] = ["h", "k", "l", "m", "s", "t", "v", "qu"];
    const VOWELS: [(char, char); 6] = [('y', 'i'), ('ỳ', 'ì'), ('ỷ', 'ỉ'), ('ỹ', 'ĩ'), ('ý', 'í'), ('ỵ', 'ị')];
    for (from, to) in VOWELS {
        if let Some(onset) = word.strip_suffix(from).filter(|o| ONSETS.contains(o)) {
            return format!("{onset}{to}");
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_meet() {
        let same = |forms: &[&str]| {
            for form in &forms[1..] {
                assert_eq!(area_key(form), area_key(forms[0]), "{form}");
            }
        };
        same(&[
            "Quận 1",
            "Q.1",
            "Q1",
            "Q. 01",
            "Quận 01",
            "QUẬN 1",
            "quận  1 ",
            "Quan 1",
            "Quận 1 (*)",
            "Qua\u{302}\u{323}n 1",
        ]);
        same(&[
            "Thành phố Thủ Đức",
            "TP. Thủ Đức",
            "TP Thủ Đức",
            "TP.Thủ Đức",
            "Tp Thủ Ðức",
            "T.P. Thủ Đức",
            "TP Thủ Đức (1)",
        ]);
        same(&["Huyện Cần Giờ", "H. Cần Giờ", "H.Cần Giờ", "huyện CẦN GIỜ"]);
        same(&["Phường Bến Nghé", "P. Bến Nghé", "P.Bến Nghé", "P Bến Nghé"]);
        same(&["Phường 01", "P.01", "P1", "Phường 1", "p. 1"]);
        same(&["Phường Bình Hưng Hoà A", "Phường Bình Hưng Hòa A"]);
        same(&["Xã Quy Đức", "Xã Qui Đức", "X. Quy Đức"]);
        same(&["TP.HCM", "TP HCM", "TPHCM", "Tp. HCM"]);
        same(&["Tỉnh Bà Rịa - Vũng Tàu", "Tỉnh Bà Rịa-Vũng Tàu"]);
        same(&["Thị trấn Nhà Bè", "TT. Nhà Bè"]);
    }

    #[test]
    fn different_places_stay_apart() {
        let apart = |a: &str, b: &str| assert!(!area_key(a).agrees_with(&area_key(b)), "{a} {b}");
        apart("Quận 1", "Phường 1");
        apart("Quận 1", "Quận 10");
        apart("Tân Thành", "Tân Thạnh");
        apart("Phường Thủ Đức", "TP Thủ Đức");
        apart("Phú Mỹ", "Phú Mỹ Hưng");
        assert!(area_key("Thủ Đức").agrees_with(&area_key("TP Thủ Đức")));
    }

    #[test]
    fn names_that_look_like_prefixes_are_names() {
        for name in ["Hóc Môn", "Phú Nhuận", "Xuân Hòa", "Xóm Chiếu", "Tân Định", "Hiệp Bình", "Pleiku"]
        {
            assert_eq!(area_key(name).prefix(), None, "{name}");
        }
        assert!(area_key("01").is_number());
    }
}

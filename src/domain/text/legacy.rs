//! Text typed for the fonts of before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times").
//!
//! Such text arrives as Latin-1 letters that mean something else: "Thµnh phè" is "Thành phố" in TCVN3, "Thaønh phoá" in
//! VNI. TCVN3 has one code per letter and is converted; VNI shares pairs with correct text ("oà") and is only refused.

use std::fmt;

/// Which convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyEncoding {
    /// TCVN 5712 VN3, fonts named ".Vn...".
    Tcvn3,
    /// VNI-Windows, fonts named "VNI-...".
    Vni,
}

impl fmt::Display for LegacyEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LegacyEncoding::Tcvn3 => "TCVN3 (.VnTime)",
            LegacyEncoding::Vni => "VNI (VNI-Times)",
        })
    }
}

/// Text that is not Unicode Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is typed for {encoding} fonts, not in Unicode")]
pub struct LegacyText {
    /// As found.
    pub text: String,
    /// Which fonts.
    pub encoding: LegacyEncoding,
}

/// TCVN3's lower-case letters at their Latin-1 positions; capitals with tones have none, fonts ending in "H" draw them.
const TCVN3: [(char, char); 74] = [
    ('¡', 'Ă'),
    ('¢', 'Â'),
    ('£', 'Ê'),
    ('¤', 'Ô'),
    ('¥', 'Ơ'),
    ('¦', 'Ư'),
    ('§', 'Đ'),
    ('¨', 'ă'),
    ('©', 'â'),
    ('ª', 'ê'),
    ('«', 'ô'),
    ('¬', 'ơ'),
    ('\u{AD}', 'ư'),
    ('®', 'đ'),
    ('µ', 'à'),
    ('¶', 'ả'),
    ('·', 'ã'),
    ('¸', 'á'),
    ('¹', 'ạ'),
    ('»', 'ằ'),
    ('¼', 'ẳ'),
    ('½', 'ẵ'),
    ('¾', 'ắ'),
    ('Æ', 'ặ'),
    ('Ç', 'ầ'),
    ('È', 'ẩ'),
    ('É', 'ẫ'),
    ('Ê', 'ấ'),
    ('Ë', 'ậ'),
    ('Ì', 'è'),
    ('Î', 'ẻ'),
    ('Ï', 'ẽ'),
    ('Ð', 'é'),
    ('Ñ', 'ẹ'),
    ('Ò', 'ề'),
    ('Ó', 'ể'),
    ('Ô', 'ễ'),
    ('Õ', 'ế'),
    ('Ö', 'ệ'),
    ('×', 'ì'),
    ('Ø', 'ỉ'),
    ('Ü', 'ĩ'),
    ('Ý', 'í'),
    ('Þ', 'ị'),
    ('ß', 'ò'),
    ('á', 'ỏ'),
    ('â', 'õ'),
    ('ã', 'ó'),
    ('ä', 'ọ'),
    ('å', 'ồ'),
    ('æ', 'ổ'),
    ('ç', 'ỗ'),
    ('è', 'ố'),
    ('é', 'ộ'),
    ('ê', 'ờ'),
    ('ë', 'ở'),
    ('ì', 'ỡ'),
    ('í', 'ớ'),
    ('î', 'ợ'),
    ('ï', 'ù'),
    ('ñ', 'ủ'),
    ('ò', 'ũ'),
    ('ó', 'ú'),
    ('ô', 'ụ'),
    ('õ', 'ừ'),
    ('ö', 'ử'),
    ('÷', 'ữ'),
    ('ø', 'ứ'),
    ('ù', 'ự'),
    ('ú', 'ỳ'),
    ('û', 'ỷ'),
    ('ü', 'ỹ'),
    ('ý', 'ý'),
    ('þ', 'ỵ'),
];

/// Evidence needed before text is called legacy: one strong sign or two weak ones.
const ENOUGH: usize = 2;

/// Which legacy convention a text is in, if the signs are clear. One foreign letter ("Zürich") is not enough.
pub fn detect_legacy(text: &str) -> Option<LegacyEncoding> {
    let chars: Vec<char> = text.chars().collect();
    if chars.iter().any(|c| is_vietnamese_only(*c)) {
        return None;
    }
    let (tcvn3, vni) = (tcvn3_evidence(&chars), vni_evidence(&chars));
    match tcvn3.max(vni) {
        score if score < ENOUGH => None,
        _ if vni > tcvn3 => Some(LegacyEncoding::Vni),
        _ => Some(LegacyEncoding::Tcvn3),
    }
}

/// Passes text that is not legacy.
pub fn refuse_legacy(text: &str) -> Result<(), LegacyText> {
    detect_legacy(text).map_or(Ok(()), |encoding| Err(LegacyText { text: text.to_owned(), encoding }))
}

/// Converts TCVN3 text (already read as Latin-1 or Windows-1252) to Unicode.
pub fn from_tcvn3(text: &str) -> String {
    text.chars().map(|c| TCVN3.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)).collect()
}

/// Letters that only Unicode Vietnamese has: đ, ă, ĩ, ũ, ơ, ư and the block of Latin Extended Additional.
fn is_vietnamese_only(c: char) -> bool {
    matches!(c, 'đ' | 'Đ' | 'ă' | 'Ă' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1EA0}'..='\u{1EF9}')
        || unicode_normalization::char::is_combining_mark(c)
}

/// Signs and capitals inside a word are strong (2); letters that Vietnamese lacks are weak (1), as are guillemets and
/// soft hyphens, which real text has too.
fn tcvn3_evidence(chars: &[char]) -> usize {
    let strong = |before: char, c: char| {
        let sign = matches!(c, '¨'..='ª' | '¬' | 'µ'..='¹' | '¼'..='¾' | '×' | '÷' | 'ß');
        (before.is_ascii_alphabetic() && sign) || (before.is_ascii_lowercase() && matches!(c, 'À'..='Þ'))
    };
    let weak = |before: char, c: char| {
        let foreign = matches!(c, 'ä' | 'å' | 'æ' | 'ç' | 'ë' | 'î' | 'ï' | 'ñ' | 'ö' | 'ø' | 'û' | 'ü' | 'þ');
        let sign = before.is_ascii_alphabetic() && matches!(c, '«' | '»' | '\u{AD}');
        foreign || sign || (matches!(before, '§' | '®') && c.is_alphabetic())
    };
    chars.windows(2).map(|w| if strong(w[0], w[1]) { 2 } else { usize::from(weak(w[0], w[1])) }).sum()
}

/// A vowel followed by a letter that stands for its marks is strong (2), ñ and ö are weak (1).
fn vni_evidence(chars: &[char]) -> usize {
    let lower: Vec<char> = chars.iter().flat_map(|c| c.to_lowercase()).collect();
    let pairs = lower.windows(2).filter(|pair| match pair[0] {
        'a' => matches!(
            pair[1],
            'ø' | 'ù' | 'û' | 'õ' | 'ï' | 'â' | 'å' | 'ä' | 'à' | 'á' | 'ã' | 'ê' | 'è' | 'é' | 'ú' | 'ü' | 'ë'
        ),
        'e' => matches!(pair[1], 'ø' | 'ù' | 'û' | 'õ' | 'ï' | 'â' | 'å' | 'ä' | 'à' | 'á' | 'ã'),
        'o' => matches!(pair[1], 'ø' | 'ù' | 'û' | 'õ' | 'ï' | 'å' | 'ä'),
        'u' | 'y' | 'ô' | 'ö' => matches!(pair[1], 'ø' | 'ù' | 'û' | 'õ' | 'ï'),
        _ => false,
    });
    let letters = lower.iter().filter(|c| matches!(c, 'ñ' | 'ö'));
    2 * pairs.count() + letters.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_tcvn3() {
        for (legacy, unicode) in [
            ("Thµnh phè Hå ChÝ Minh", "Thành phố Hồ Chí Minh"),
            ("QuËn B×nh Th¹nh", "Quận Bình Thạnh"),
            ("HuyÖn CÇn Giê", "Huyện Cần Giờ"),
            ("Ph\u{AD}êng §a Kao", "Phường Đa Kao"),
            ("Tæng s\u{E8} lao ®éng", "Tổng số lao động"),
            ("Céng hßa x· héi chñ nghÜa", "Cộng hòa xã hội chủ nghĩa"),
        ] {
            assert_eq!(from_tcvn3(legacy), unicode);
            assert_eq!(detect_legacy(legacy), Some(LegacyEncoding::Tcvn3), "{legacy}");
        }
    }

    #[test]
    fn detects_vni() {
        for legacy in ["Thaønh phoá Hoà Chí Minh", "Quaän Bình Thaïnh", "Huyeän Caàn Giôø", "Phöôøng Ña Kao"]
        {
            assert_eq!(detect_legacy(legacy), Some(LegacyEncoding::Vni), "{legacy}");
        }
        let refused = refuse_legacy("Quaän 1").unwrap_err();
        assert_eq!(refused.to_string(), "\"Quaän 1\" is typed for VNI (VNI-Times) fonts, not in Unicode");
    }

    #[test]
    fn leaves_unicode_and_foreign_names_alone() {
        for text in [
            "Thành phố Hồ Chí Minh",
            "Hoà Bình",
            "hoà",
            "Tha\u{300}nh",
            "CHÍNH QUYỀN",
            "Zürich",
            "Türkiye",
            "Curaçao",
            "Côte d'Ivoire",
            "São Tomé",
            "25 µg",
            "© 2022",
            "m²",
            "Samsung®",
            "gia\u{AD}dinh",
            "l'«art»",
            "Total",
            "",
            "QUÝ",
            "Phú Mỹ",
            "toán",
        ] {
            assert_eq!(detect_legacy(text), None, "{text}");
        }
    }

    #[test]
    fn every_legacy_letter_has_one_meaning() {
        let mut from: Vec<char> = TCVN3.iter().map(|(f, _)| *f).collect();
        let mut to: Vec<char> = TCVN3.iter().map(|(_, t)| *t).collect();
        from.sort_unstable();
        from.dedup();
        to.sort_unstable();
        to.dedup();
        assert_eq!((from.len(), to.len()), (TCVN3.len(), TCVN3.len()));
        assert_eq!(to.iter().filter(|c| c.is_lowercase()).count(), 67, "all lower-case letters with marks");
    }
}

//! Canonical, searchable and sortable forms of Vietnamese text.
//!
//! [`clean`] is for keeping, [`fold`] for searching, [`sort_key`] for ordering. None of them changes what is displayed.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Combining marks of the five tones, in dictionary order: huyền, hỏi, ngã, sắc, nặng. No mark comes before them.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// The Vietnamese alphabet in dictionary order, with the foreign letters where dictionaries put them.
const ALPHABET: [char; 33] = [
    'a', 'ă', 'â', 'b', 'c', 'd', 'đ', 'e', 'ê', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'ô', 'ơ', 'p', 'q',
    'r', 's', 't', 'u', 'ư', 'v', 'w', 'x', 'y', 'z',
];

/// NFC with one kind of Đ and plain single spaces.
///
/// `Ð` (U+00D0, Icelandic eth) and `Ɖ` (U+0189) look like `Đ` (U+0110) and are typed for it; non-breaking, narrow and
/// other spaces become one space; soft hyphens, zero-width characters and the byte order mark go.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending_space = false;
    for c in text.nfc() {
        let c = match c {
            '\u{D0}' | '\u{189}' => 'Đ',
            '\u{F0}' | '\u{256}' => 'đ',
            '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => continue,
            c => c,
        };
        if c.is_whitespace() {
            pending_space = !out.is_empty();
            continue;
        }
        if pending_space {
            out.push(' ');
            pending_space = false;
        }
        out.push(c);
    }
    out
}

/// Lower case without diacritics: "Trễ hạn" and "tre han" fold to the same text.
pub fn fold(text: &str) -> String {
    clean(text)
        .to_lowercase()
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// Puts the tone of `oa`, `oe` and `uy` at the end of a syllable on the first vowel: "Hoà" and "Hòa" are one spelling.
///
/// The two placements are both in use; the statistics office prints "Hoà", the National Assembly "Hòa". `qu` is one
/// consonant, so "quý" stays, and a closed syllable ("hoàn") has one placement only.
pub fn settle_tones(text: &str) -> String {
    let chars: Vec<char> = text.nfc().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        if let Some((first, second)) = moved_tone(&chars, i) {
            out.push(first);
            out.push(second);
            i += 2;
        } else {
            out.push(chars[i]);
            i += 1;
        }
    }
    out
}

/// The vowel pair at `i` with its tone on the first vowel, if it stands on the second now and the syllable is open.
fn moved_tone(chars: &[char], i: usize) -> Option<(char, char)> {
    let (first, second) = (chars[i], *chars.get(i + 1)?);
    if chars.get(i + 2).is_some_and(|c| c.is_alphabetic()) {
        return None;
    }
    let (base, tone) = split_tone(second)?;
    let moves = match first.to_ascii_lowercase() {
        'o' => matches!(base.to_ascii_lowercase(), 'a' | 'e'),
        'u' => base.eq_ignore_ascii_case(&'y') && !(i > 0 && chars[i - 1].eq_ignore_ascii_case(&'q')),
        _ => false,
    };
    let composed = unicode_normalization::char::compose(first, tone)?;
    moves.then_some((composed, base))
}

/// An unaccented letter and its tone mark, for a letter that carries one.
fn split_tone(c: char) -> Option<(char, char)> {
    let mut parts = std::iter::once(c).nfd();
    let (base, mark) = (parts.next()?, parts.next()?);
    (parts.next().is_none() && TONES.contains(&mark)).then_some((base, mark))
}

/// Orders text as a Vietnamese dictionary does, and numbers in it by value: "Quận 2" before "Quận 10".
///
/// Letters first (a ă â b c d đ e ê ...), tones only between words that are otherwise equal (không dấu, huyền, hỏi,
/// ngã, sắc, nặng), then the text itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey {
    letters: Vec<u64>,
    tones: Vec<u8>,
    text: String,
}

/// See [`SortKey`].
pub fn sort_key(text: &str) -> SortKey {
    let text = clean(text);
    let mut letters = Vec::new();
    let mut tones = Vec::new();
    let mut number: Option<u64> = None;
    for c in settle_tones(&text).to_lowercase().chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(digit)));
            continue;
        }
        if let Some(value) = number.take() {
            letters.extend([NUMBERS, value]);
        }
        let (letter, tone) = letter_and_tone(c);
        letters.push(weight(letter));
        tones.push(tone);
    }
    if let Some(value) = number {
        letters.extend([NUMBERS, value]);
    }
    SortKey { letters, tones, text }
}

/// Weight that opens a number: after punctuation, before letters.
const NUMBERS: u64 = 1 << 32;

/// Spaces, then other characters by code, then numbers, then the alphabet, then letters it lacks.
fn weight(letter: char) -> u64 {
    if letter == ' ' {
        return 0;
    }
    match ALPHABET.iter().position(|a| *a == letter) {
        Some(at) => NUMBERS + 1 + at as u64,
        None if letter.is_alphabetic() => NUMBERS + 1000 + u64::from(letter),
        None => 1 + u64::from(letter),
    }
}

/// The letter of the alphabet without its tone, and the tone's place (0 for none).
fn letter_and_tone(c: char) -> (char, u8) {
    let mut tone = 0;
    let rest: String = std::iter::once(c)
        .nfd()
        .filter(|m| match TONES.iter().position(|t| t == m) {
            Some(at) => {
                tone = at as u8 + 1;
                false
            }
            None => true,
        })
        .nfc()
        .collect();
    (rest.chars().next().unwrap_or(c), tone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cleaning_composes_and_unifies() {
        assert_eq!(clean("Qua\u{302}\u{323}n  Ða\u{A0}Kao\u{FEFF} "), "Quận Đa Kao");
        assert_eq!(clean("ð\u{200B}ô\u{AD}"), "đô");
    }

    #[test]
    fn folding_finds_what_is_typed_without_diacritics() {
        assert_eq!(fold("Trễ hạn"), "tre han");
        assert_eq!(fold("ĐƯỜNG Ðiện Biên Phủ"), "duong dien bien phu");
        assert_eq!(fold("Thực hiện"), fold("thu\u{31B}\u{323}c hie\u{302}\u{323}n"));
    }

    #[test]
    fn both_tone_placements_settle_on_one() {
        for (from, to) in [
            ("Hoà", "Hòa"),
            ("Phường Bình Hưng Hoà A", "Phường Bình Hưng Hòa A"),
            ("HOÀ", "HÒA"),
            ("khoẻ", "khỏe"),
            ("Luỹ kế", "Lũy kế"),
            ("thuỷ", "thủy"),
        ] {
            assert_eq!(settle_tones(from), to);
            assert_eq!(settle_tones(to), to);
        }
        for same in ["Quý", "quỹ", "hoàn", "loét", "thuyền", "Hoàng", "Nguyễn", "của", "múa"] {
            assert_eq!(settle_tones(same), same);
        }
    }

    #[test]
    fn the_dictionary_orders_letters_then_tones() {
        // Order as printed in Vietnamese dictionaries: đ after d, ơ after ô, tones ngang huyền hỏi ngã sắc nặng.
        let ordered = [
            "an", "ăn", "ân", "ba", "bà", "bả", "bã", "bá", "bạ", "da", "đa", "em", "êm", "long", "lông", "lơ", "tu",
            "tư",
        ];
        let mut sorted = ordered.to_vec();
        sorted.reverse();
        sorted.sort_by_key(|t| sort_key(t));
        assert_eq!(sorted, ordered);
    }

    #[test]
    fn numbers_order_by_value_and_words_before_tones() {
        let ordered = ["Quận 1", "Quận 2", "Quận 10", "Quận 12", "Quận Bình Tân", "Quận Bình Thạnh", "Quận Gò Vấp"];
        let mut sorted = ordered.to_vec();
        sorted.reverse();
        sorted.sort_by_key(|t| sort_key(t));
        assert_eq!(sorted, ordered);
        assert!(sort_key("tân an") < sort_key("tấn anh"), "letters decide before tones");
    }

    proptest! {
        #[test]
        fn folding_and_cleaning_are_idempotent(text in "[a-zA-ZăâđêôơưĂÂĐÊÔƠƯàảãáạằếịộ 0-9\u{A0}]{0,20}") {
            prop_assert_eq!(clean(&clean(&text)), clean(&text));
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
            prop_assert_eq!(settle_tones(&settle_tones(&text)), settle_tones(&text));
            prop_assert!(fold(&text).is_ascii());
        }
    }
}

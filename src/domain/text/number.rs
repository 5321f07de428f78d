//! Numbers as Vietnamese tables print them, and back.
//!
//! Reading follows the conventions of the statistics office: comma for decimals, dot or space for thousands, and signs
//! in the place of a number (`-` nothing occurred, `...` not collected, `x` not applicable or confidential). A percent
//! sign changes nothing: `6,5%` is 6.5, since a column's unit is declared, not guessed.
//!
//! Printing uses the hyphen-minus `-` for negatives, not U+2212: figures are copied into spreadsheets, which take only
//! the former for a number. Reading accepts both.

use super::fold::fold;

/// Which sign is the decimal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// Decided by the text; where it leaves a choice, Vietnamese: `1.234` is 1234 and `1,234` is 1.234.
    #[default]
    Auto,
    /// `1.234,56`.
    Vietnamese,
    /// `1,234.56`.
    English,
}

/// What a cell of a table says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberText {
    /// A figure.
    Value(f64),
    /// "gấp 1,6 lần": a multiple of the compared figure, not a difference; the reader must say what becomes of it.
    Times(f64),
    /// `-`: nothing occurred, a true zero.
    Zero,
    /// `...`: exists, but was not collected.
    Missing,
    /// `x`: not applicable or confidential.
    NotApplicable,
    /// Nothing written: not reported.
    Blank,
}

impl NumberText {
    /// The figure, where there is one; `-` is 0.
    pub fn value(self) -> Option<f64> {
        match self {
            NumberText::Value(v) => Some(v),
            NumberText::Zero => Some(0.0),
            NumberText::Times(_) | NumberText::Missing | NumberText::NotApplicable | NumberText::Blank => None,
        }
    }
}

/// A text that is not a number and none of the signs that stand for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// A spreadsheet formula that failed.
    #[error("\"{text}\" is a failed formula: {meaning}")]
    Formula {
        /// As in the cell.
        text: String,
        /// What the spreadsheet means by it.
        meaning: &'static str,
    },
    /// Digits grouped in a way no style allows, such as `12.34.5` or, in Vietnamese style, `12.5`.
    #[error("\"{text}\" does not group its digits by thousands (decimal sign \"{decimal}\")")]
    Grouping {
        /// As written.
        text: String,
        /// The decimal sign assumed.
        decimal: char,
    },
    /// Anything else.
    #[error("\"{0}\" is not a number")]
    Unreadable(String),
}

/// Reads one cell.
pub fn read_number(text: &str, style: NumberStyle) -> Result<NumberText, NumberError> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if let Some(sign) = read_sign(trimmed) {
        return Ok(sign);
    }
    if trimmed.starts_with('#') {
        return Err(failed_formula(trimmed));
    }
    let unreadable = || NumberError::Unreadable(trimmed.to_owned());
    let (words, figure) = split_words(strip_footnote(trimmed));
    let word = Word::read(&words).ok_or_else(unreadable)?;
    let (figure, word) = match (word, strip_suffix_folded(figure, "lan")) {
        (Word::Times, Some(rest)) => (rest, Word::Times),
        (Word::Times, None) | (_, Some(_)) => return Err(unreadable()),
        (word, None) => (figure, word),
    };
    let (negative, figure) = strip_negative(figure.trim().trim_end_matches('%').trim_end());
    let value = read_digits(figure, style, trimmed)?;
    match word {
        Word::Down if negative => Err(unreadable()),
        Word::Times if negative => Err(unreadable()),
        Word::Times => Ok(NumberText::Times(value)),
        Word::Down => Ok(NumberText::Value(-value)),
        Word::None | Word::Up => Ok(NumberText::Value(if negative { -value } else { value })),
    }
}

/// The signs that stand in the place of a number.
fn read_sign(text: &str) -> Option<NumberText> {
    match text {
        "" => Some(NumberText::Blank),
        "-" | "–" | "—" | "−" => Some(NumberText::Zero),
        "…" | "……" => Some(NumberText::Missing),
        "x" | "X" | "n/a" | "N/A" => Some(NumberText::NotApplicable),
        dots if dots.len() <= 6 && dots.bytes().all(|b| b == b'.') => Some(NumberText::Missing),
        _ => None,
    }
}

fn failed_formula(text: &str) -> NumberError {
    let meaning = match text {
        "#REF!" => "it refers to a cell that is gone",
        "#DIV/0!" => "it divides by zero",
        "#N/A" => "a lookup found nothing",
        "#NAME?" => "it uses a name that does not exist",
        "#NULL!" => "it intersects ranges that do not meet",
        "#NUM!" => "its result is not a number that a cell can hold",
        "#VALUE!" => "it calculates with text",
        "#SPILL!" | "#CALC!" => "its results have no room or cannot be worked out",
        _ if !text.is_empty() && text.bytes().all(|b| b == b'#') => "the column was too narrow to print the number",
        _ => return NumberError::Unreadable(text.to_owned()),
    };
    NumberError::Formula { text: text.to_owned(), meaning }
}

/// A word before the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    None,
    Up,
    Down,
    Times,
}

impl Word {
    fn read(words: &str) -> Option<Self> {
        match fold(words).as_str() {
            "" => Some(Word::None),
            "tang" => Some(Word::Up),
            "giam" => Some(Word::Down),
            "gap" => Some(Word::Times),
            _ => None,
        }
    }
}

/// Splits leading letters from the figure: "giảm 2,3" -> ("giảm ", "2,3").
fn split_words(text: &str) -> (String, &str) {
    let end = text.find(|c: char| !(c.is_alphabetic() || c.is_whitespace() || is_mark(c))).unwrap_or(text.len());
    (text[..end].trim().to_owned(), &text[end..])
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Takes a folded word off the end.
fn strip_suffix_folded<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text
        .rfind(|c: char| !(c.is_alphabetic() || is_mark(c)))
        .map_or(0, |i| i + text[i..].chars().next().map_or(0, char::len_utf8));
    (fold(&text[start..]) == word).then(|| text[..start].trim_end())
}

/// Takes a footnote mark off the end: `12,5*`, `12,5(*)`, `12,5 (1)`. A figure in brackets is not one.
fn strip_footnote(text: &str) -> &str {
    let text = text.trim_end_matches('*').trim_end();
    let Some((figure, mark)) = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) else { return text };
    let is_star = !mark.is_empty() && mark.bytes().all(|b| b == b'*');
    let is_number =
        mark.len() == 1 && mark.bytes().all(|b| b.is_ascii_digit()) && figure.ends_with(char::is_whitespace);
    let follows_figure = figure.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '%');
    if follows_figure && (is_star || is_number) { figure.trim_end() } else { text }
}

/// Reads the ways of writing a negative: `-2`, `−2`, `(2)`; a plus is accepted too.
fn strip_negative(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return (true, inner.trim().trim_end_matches('%').trim_end());
    }
    if let Some(rest) = text.strip_prefix(['-', '−', '–']) {
        return (true, rest.trim_start());
    }
    (false, text.strip_prefix('+').map_or(text, str::trim_start))
}

/// Reads digits with grouping and decimals. `whole` is quoted in errors.
fn read_digits(figure: &str, style: NumberStyle, whole: &str) -> Result<f64, NumberError> {
    let unreadable = || NumberError::Unreadable(whole.to_owned());
    let plain_ends = figure.starts_with(|c: char| c.is_ascii_digit()) && figure.ends_with(|c: char| c.is_ascii_digit());
    if !plain_ends {
        return Err(unreadable());
    }
    if is_scientific(figure) {
        return figure.parse().map_err(|_| unreadable());
    }
    if !figure.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',' || is_group_space(c)) {
        return Err(unreadable());
    }
    let decimal = decimal_sign(figure, style);
    let grouping = || NumberError::Grouping { text: whole.to_owned(), decimal };
    let (integer, fraction) = match figure.split_once(decimal) {
        Some((integer, fraction)) => (integer, fraction),
        None => (figure, ""),
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(grouping());
    }
    let digits = ungroup(integer).ok_or_else(grouping)?;
    format!("{digits}.{fraction}0").parse().map_err(|_| unreadable())
}

/// `1.5E+05`: machines write it; the dot is then the decimal sign whatever the style.
fn is_scientific(figure: &str) -> bool {
    let Some((mantissa, exponent)) = figure.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && mantissa.split('.').count() <= 2 && mantissa.split('.').all(digits)
}

fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\u{2007}')
}

/// The decimal sign of a figure, under a style.
fn decimal_sign(figure: &str, style: NumberStyle) -> char {
    match style {
        NumberStyle::Vietnamese => ',',
        NumberStyle::English => '.',
        NumberStyle::Auto => match (figure.rfind('.'), figure.rfind(',')) {
            (Some(dot), Some(comma)) if dot > comma => '.',
            (None, Some(_)) if figure.matches(',').count() > 1 => '.',
            (Some(_), None) if !groups_by_dots(figure) => '.',
            _ => ',',
        },
    }
}

/// Whether dots can only be thousands: `1.234`, `12.345.678`, but not `12.5` or `0.123`.
fn groups_by_dots(figure: &str) -> bool {
    let several = figure.matches('.').count() > 1;
    let first = figure.split('.').next().unwrap_or_default();
    several || (first != "0" && ungroup(figure).is_some())
}

/// The digits without their grouping, or `None` if a group has not three digits or two signs group.
fn ungroup(integer: &str) -> Option<String> {
    let mut separators = integer.chars().filter(|c| !c.is_ascii_digit());
    let Some(separator) = separators.next() else { return Some(integer.to_owned()) };
    let same = |c: char| c == separator || (is_group_space(c) && is_group_space(separator));
    if !separators.all(same) {
        return None;
    }
    let mut groups = integer.split(same);
    let first = groups.next()?;
    let regular = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
    regular.then(|| integer.chars().filter(char::is_ascii_digit).collect())
}

/// `1.234,56`, with the given number of decimals.
pub fn format_vi(value: f64, decimals: usize) -> String {
    format_with(value, decimals, '.', ',')
}

/// `1,234.56`, with the given number of decimals.
pub fn format_en(value: f64, decimals: usize) -> String {
    format_with(value, decimals, ',', '.')
}

/// What cannot be printed as a number prints as missing, `...`; a negative that rounds to zero loses its sign.
fn format_with(value: f64, decimals: usize, group: char, decimal: char) -> String {
    if !value.is_finite() {
        return "...".to_owned();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (integer, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + plain.len() / 3 + 1);
    if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('-');
    }
    for (i, digit) in integer.chars().enumerate() {
        if i > 0 && (integer.len() - i) % 3 == 0 {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(decimal);
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests;

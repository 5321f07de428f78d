//! Labels of rows and columns as people type them, brought to one spelling for matching. Nothing displayed comes from
//! here.

use crate::domain::text::{clean, settle_tones};

/// One space between words, lower case, one placement of tones: what patterns match against.
pub(super) fn spaced(text: &str) -> String {
    settle_tones(&clean(text).to_lowercase())
}

/// [`spaced`], without what tables put around a name: numbering in front ("I.", "1.1", "a)", "-"), footnote marks and a
/// colon behind ("(*)", "(1)", "¹", "*", ":").
pub(super) fn key(text: &str) -> String {
    let text = spaced(text);
    let text = without_marks(&text);
    without_numbering(text).to_owned()
}

fn without_marks(text: &str) -> &str {
    let mut text = text;
    loop {
        let plain = text.trim_end_matches(['*', ':', '¹', '²', '³', '⁴', ' ']);
        let mark = plain.strip_suffix(')').and_then(|t| t.rsplit_once('('));
        let cut = match mark {
            Some((before, mark)) if is_footnote(mark) && !before.trim().is_empty() => before.trim_end(),
            _ => plain,
        };
        if cut == text || cut.is_empty() {
            return text;
        }
        text = cut;
    }
}

fn is_footnote(mark: &str) -> bool {
    let stars = !mark.is_empty() && mark.bytes().all(|b| b == b'*');
    let number = (1..=2).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    stars || number
}

/// "i. ", "1.1 ", "2) ", "a. ", "- ", "+ " in front of a name go; a name that is only such a mark stays.
fn without_numbering(text: &str) -> &str {
    let Some((first, rest)) = text.split_once(' ') else { return text };
    let body = first.trim_end_matches(['.', ')', '/']);
    let closed = body.len() < first.len();
    let digits = !body.is_empty() && body.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    let roman = !body.is_empty() && body.bytes().all(|b| b"ivx".contains(&b));
    let letter = body.chars().count() == 1 && body.chars().all(char::is_alphabetic);
    let several = digits && body.contains('.');
    let numbering = several || (closed && (digits || roman || letter)) || matches!(first, "-" | "+" | "–" | "•");
    if numbering { rest } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_typed_differently_are_one() {
        for (typed, plain) in [
            (
                "Sản xuất sản phẩm từ kim loại đúc sẵn \n(trừ máy móc, thiết bị)",
                "sản xuất sản phẩm từ kim loại đúc sẵn (trừ máy móc, thiết bị)",
            ),
            ("I. Khai khoáng", "khai khoáng"),
            ("1.1 Khai thác than", "khai thác than"),
            ("2) Dệt (*)", "dệt"),
            ("- Điện (1)", "điện"),
            ("Trong đó:", "trong đó"),
            ("Văn hoá, giải trí", "văn hóa, giải trí"),
            ("TOÀN NGÀNH", "toàn ngành"),
        ] {
            assert_eq!(key(typed), plain, "{typed:?}");
        }
    }

    #[test]
    fn a_number_that_is_part_of_the_name_stays() {
        for text in ["quận 1", "6 tháng", "12 ngành", "i", "(1)", "*", "x ray"] {
            assert_eq!(key(text), text);
        }
    }
}

//! Texts into the room there is: broken between words, then shortened with "…".

use super::{Weight, width};

/// The text if it fits, else as many whole letters of it as do, with "…"; nothing if not even one letter fits.
pub(in crate::chart) fn shortened(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let ellipsis = width("…", size, weight);
    let mut kept = 0;
    let mut wide = 0.0;
    for (place, letter) in text.char_indices() {
        wide += width(letter.encode_utf8(&mut [0; 4]), size, weight);
        if wide + ellipsis > room {
            break;
        }
        kept = place + letter.len_utf8();
    }
    let kept = text[..kept].trim_end_matches([' ', ',', '-', '–', '(', '\u{a0}']);
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// The text in at most `most` lines no wider than `room`; the last one is shortened if need be. Lines break at spaces,
/// never at a no-break space and never before a percent sign.
pub(in crate::chart) fn lines(text: &str, size: f64, weight: Weight, room: f64, most: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let text = text.replace(" %", "\u{a0}%");
    let mut rest: Vec<&str> = text.split([' ', '\n']).filter(|w| !w.is_empty()).collect();
    rest.reverse();
    while let Some(word) = rest.pop() {
        let mut line = word.to_owned();
        while let Some(next) = rest.last() {
            let longer = format!("{line} {next}");
            if width(&longer, size, weight) > room {
                break;
            }
            line = longer;
            rest.pop();
        }
        if out.len() + 1 >= most && !rest.is_empty() {
            rest.reverse();
            line = format!("{line} {}", rest.join(" "));
            rest.clear();
        }
        out.push(shortened(&line, size, weight, room));
    }
    out.retain(|line| !line.is_empty());
    out
}

/// Words that a number follows and belongs to ("Quận 12"), and words that it counts ("7 ngày").
const NUMBERED: [&str; 9] = ["tháng", "năm", "quý", "quận", "phường", "ngày", "tuần", "nhóm", "số"];
const COUNTED: [&str; 9] = ["ngày", "giờ", "tháng", "tuần", "năm", "nghìn", "triệu", "tỷ", "điểm"];

/// The text with no-break spaces between a number and its word.
fn glued(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = "";
    for word in text.split([' ', '\n']).filter(|w| !w.is_empty()) {
        let digit = |c: char| c.is_ascii_digit();
        let follows = word.starts_with(digit) && NUMBERED.contains(&before.to_lowercase().as_str());
        let counts = before.ends_with(digit) && COUNTED.contains(&word.trim_end_matches([',', '.', ';']));
        if !before.is_empty() {
            out.push(if follows || counts { '\u{a0}' } else { ' ' });
        }
        out.push_str(word);
        before = word;
    }
    out
}

/// The lines of a title or subtitle: as few as [`lines`] makes, of even lengths, so that the last is not a single word;
/// a number stays with its word.
pub(in crate::chart) fn balanced(text: &str, size: f64, weight: Weight, room: f64, most: usize) -> Vec<String> {
    let text = &glued(text);
    let mut best = lines(text, size, weight, room, most);
    if best.len() < 2 || best.iter().any(|line| line.ends_with('…')) {
        return best;
    }
    let count = best.len();
    for tenth in (5..10).rev() {
        let narrower = lines(text, size, weight, room * f64::from(tenth) / 10.0, most + 1);
        if narrower.len() > count || narrower.iter().any(|line| line.ends_with('…')) {
            break;
        }
        best = narrower;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn breaks_between_words_and_ends_with_an_ellipsis() {
        let text = "Trật tự đô thị, lấn chiếm vỉa hè lòng đường";
        assert_eq!(lines(text, 12.0, Weight::Regular, 1000.0, 3), [text]);
        let two = lines(text, 12.0, Weight::Regular, 120.0, 2);
        assert_eq!(two.len(), 2);
        assert!(two[1].ends_with('…'));
        assert_eq!(lines("vượt 4 %", 12.0, Weight::Regular, 40.0, 2), ["vượt", "4\u{a0}%"]);
        assert_eq!(glued("Quận 12 trễ 7 ngày, năm 2022"), "Quận\u{a0}12 trễ 7\u{a0}ngày, năm\u{a0}2022");
        assert_eq!(glued("còn 6 tỷ của Quận Một"), "còn 6\u{a0}tỷ của Quận Một");
        let title = "Mười quận vẫn trễ hạn trên 20 % sau hai năm";
        let even = balanced(title, 16.0, Weight::SemiBold, 336.0, 3);
        assert_eq!(even.len(), lines(title, 16.0, Weight::SemiBold, 336.0, 3).len());
        assert!(even[1].split(' ').count() > 1, "{even:?}");
        assert_eq!(shortened("Nguyễn", 12.0, Weight::Regular, 3.0), "");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in "[a-zđếữợ ,0-9]{0,80}", room in 5.0..300.0f64, most in 1usize..4) {
            let broken = lines(&text, 12.0, Weight::Regular, room, most);
            prop_assert!(broken.len() <= most);
            for line in broken {
                prop_assert!(width(&line, 12.0, Weight::Regular) <= room + 1e-9);
            }
        }
    }
}

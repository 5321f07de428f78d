//! Cuts a folded label into words, numbers, years and separators.

use crate::domain::text::fold::fold;

/// One piece of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, folded.
    Word(String),
    /// One or two digits.
    Number(i32),
    /// Four digits.
    Year(i32),
    /// I, II, III or IV as a word of its own.
    Roman(i32),
    /// An English month.
    MonthName(i32),
    /// `/`, `-` or `.`.
    Separator(char),
}

/// Cuts a label; `None` if it holds a character or a run of digits that no label has.
pub(super) fn tokenize(text: &str) -> Option<Vec<Token>> {
    let chars: Vec<char> = fold(text).chars().collect();
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let end = |same: fn(char) -> bool| i + chars[i..].iter().take_while(|c| same(**c)).count();
        if c.is_ascii_digit() {
            let to = end(|c| c.is_ascii_digit());
            let digits: String = chars[i..to].iter().collect();
            tokens.push(match digits.len() {
                1 | 2 => Token::Number(digits.parse().ok()?),
                4 => Token::Year(digits.parse().ok()?),
                _ => return None,
            });
            i = to;
        } else if c.is_alphabetic() {
            let to = end(char::is_alphabetic);
            push_word(&mut tokens, chars[i..to].iter().collect());
            i = to;
        } else {
            push_separator(&mut tokens, c)?;
            i += 1;
        }
    }
    Some(tokens)
}

/// A word, or the letter of its frequency and a roman number in one ("qii", "quyii").
fn push_word(tokens: &mut Vec<Token>, word: String) {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if let Some(n) = roman(&word) {
        return tokens.push(Token::Roman(n));
    }
    for marker in ["quy", "q"] {
        if let Some(n) = word.strip_prefix(marker).and_then(roman) {
            tokens.push(Token::Word(marker.to_owned()));
            return tokens.push(Token::Roman(n));
        }
    }
    let month = MONTHS.iter().position(|m| *m == word || (word.len() == 3 && m.starts_with(word.as_str())));
    tokens.push(match month {
        Some(at) => Token::MonthName(at as i32 + 1),
        None => Token::Word(word),
    });
}

fn roman(word: &str) -> Option<i32> {
    ["i", "ii", "iii", "iv"].iter().position(|r| *r == word).map(|at| at as i32 + 1)
}

/// Keeps separators; brackets, commas and colons only part words, as does the dot of an abbreviation.
fn push_separator(tokens: &mut Vec<Token>, c: char) -> Option<()> {
    match c {
        '/' | '-' => tokens.push(Token::Separator(c)),
        '–' | '—' => tokens.push(Token::Separator('-')),
        '.' if matches!(tokens.last(), Some(Token::Number(_) | Token::Year(_))) => tokens.push(Token::Separator('.')),
        ' ' | '.' | '(' | ')' | ',' | ':' | '*' => {}
        _ => return None,
    }
    Some(())
}

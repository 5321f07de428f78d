//! JSON as the sources send it: with a byte order mark, NUL bytes after the end, or with the comments and trailing
//! commas of a documentation example. What is worked around is noted.

use serde_json::Value;

use super::FormatError;
use super::encoding::decode;

/// Longest text read; a parsed value takes many times its text.
const MAX_BYTES: usize = 64 << 20;

/// A parsed text and what was noticed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Json {
    pub(super) value: Value,
    pub(super) notes: Vec<String>,
}

/// Parses JSON, strictly first, then without comments and trailing commas.
///
/// # Errors
/// Text that is not JSON in either way, with its line and column.
pub(super) fn parse(bytes: &[u8]) -> Result<Json, FormatError> {
    if bytes.len() > MAX_BYTES {
        let message = format!("{} bytes are more than {MAX_BYTES}", bytes.len());
        return Err(error("the file", message, "Ask the source for a selection of the table."));
    }
    let mut notes = Vec::new();
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let bytes = if end < bytes.len() && !utf16 {
        let nul = bytes.len() - end;
        notes.push(if nul == 1 {
            "a NUL byte after the end".to_owned()
        } else {
            format!("{nul} NUL bytes after the end")
        });
        &bytes[..end]
    } else {
        bytes
    };
    let text = decode(bytes, Some("utf-8")).map_err(|e| error("the file", e.to_string(), "Convert it to UTF-8."))?.text;
    match serde_json::from_str(&text) {
        Ok(value) => Ok(Json { value, notes }),
        Err(strict) => match serde_json::from_str(&without_comments(&text)) {
            Ok(value) => {
                notes.push(format!("comments or trailing commas, which are not JSON, are left out ({strict})"));
                Ok(Json { value, notes })
            }
            Err(e) => {
                let at = format!("line {}, column {}", e.line(), e.column());
                let message = format!("not JSON: {}", reason(&e));
                Err(error(&at, message, "Check that the file was downloaded whole and is the data, not an example."))
            }
        },
    }
}

/// The message without the position that serde_json appends.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

fn error(at: &str, message: String, hint: &str) -> FormatError {
    FormatError { format: "JSON", at: at.to_owned(), message, hint: hint.to_owned() }
}

/// Blanks out `// …`, `/* … */` and commas before a closing bracket; every other character keeps its place, so that
/// lines and columns stay true.
fn without_comments(text: &str) -> String {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut comma = None;
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                comma = None;
                out.push(c);
                while let Some(inside) = chars.next() {
                    out.push(inside);
                    match inside {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if chars.peek() == Some(&'/') => {
                out.push(' ');
                while let Some(inside) = chars.next_if(|c| *c != '\n') {
                    out.push(if inside == '\r' { '\r' } else { ' ' });
                }
            }
            '/' if chars.peek() == Some(&'*') => {
                out.push(' ');
                let mut before = ' ';
                for inside in chars.by_ref() {
                    out.push(if inside == '\n' { '\n' } else { ' ' });
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
            }
            ',' => {
                comma = Some(out.len());
                out.push(c);
            }
            '}' | ']' => {
                if let Some(at) = comma.take() {
                    out[at] = ' ';
                }
                out.push(c);
            }
            _ => {
                if !c.is_whitespace() {
                    comma = None;
                }
                out.push(c);
            }
        }
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn works_around_what_real_files_have() {
        let json = parse(b"{\"a\": [1, 2]}\0").unwrap();
        assert_eq!((json.value, json.notes), (json!({"a": [1, 2]}), vec!["a NUL byte after the end".to_owned()]));
        let text = b"{ // a \"note\"\n \"a//b\": [1, 2,], /* x */ \"c\": \"d,]\",\n}";
        assert_eq!(parse(text).unwrap().value, json!({"a//b": [1, 2], "c": "d,]"}));
        assert_eq!(parse(b"\xEF\xBB\xBF[1]").unwrap().value, json!([1]));
    }

    #[test]
    fn says_where_it_breaks() {
        let broken = parse(b"{\n  \"index\": {\n    .. // and so on\n  }\n}").unwrap_err();
        assert_eq!(broken.to_string(), "JSON: line 3, column 5: not JSON: key must be a string");
    }

    proptest! {
        #[test]
        fn never_panics(text in "[{}\\[\\],:\"/*\\\\ 0-9a\n]{0,40}") {
            let _ = parse(text.as_bytes());
        }
    }
}

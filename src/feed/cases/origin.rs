//! Where a case comes from: the file or address of the pull that brought it, and the line in it.

use crate::feed::raw::{RawError, RawStore};

use super::source::inflated;

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// File or address that was read.
    pub url: String,
    /// The first line that holds the case, from 1; `None` where the source is not made of lines.
    pub line: Option<usize>,
}

/// Where in the kept bytes of a run a case stands; `None` if the run is not kept here.
///
/// # Errors
/// If the kept bytes cannot be read, or are not those that were kept.
pub fn origin(raw: &RawStore, feed: &str, run_id: &str, case_id: &str) -> Result<Option<Origin>, RawError> {
    let Some(entry) = raw.list(feed)?.into_iter().find(|entry| entry.run_id() == run_id) else { return Ok(None) };
    let parts = raw.read(&entry)?;
    let line = parts.iter().find_map(|part| line_of(&inflated(part).ok()?, case_id));
    Ok(Some(Origin { url: entry.url, line }))
}

/// The first line in which an identifier stands by itself. Text in one line is no list of rows.
fn line_of(bytes: &[u8], id: &str) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let stands_alone = |line: &str| {
        line.match_indices(id).any(|(at, _)| {
            !is_inside(line[..at].chars().next_back()) && !is_inside(line[at + id.len()..].chars().next())
        })
    };
    let found = text.lines().position(stands_alone)?;
    (found > 0).then_some(found + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_found_where_it_stands_by_itself() {
        let file = "id,at\n1022-12,a\n1022-1,b\n1022-1,c\n";
        assert_eq!(line_of(file.as_bytes(), "1022-1"), Some(3), "1022-12 is another case");
        assert_eq!(line_of(file.as_bytes(), "1022-3"), None);
        assert_eq!(line_of(b"{\"id\": \"1022-1\"}", "1022-1"), None, "one line of JSON");
        assert_eq!(line_of(&[0xFF, 0xFE, b'1'], "1"), None);
    }
}

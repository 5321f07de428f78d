//! Delimited text with one header line.

use super::missing;
use crate::feed::cases::cell::{Cell, Columns, EachRow};
use crate::feed::cases::model::Shape;
use crate::format::{FormatError, for_each_record};

/// Why the reading ends.
enum End {
    Format(FormatError),
    Words(String),
}

impl From<FormatError> for End {
    fn from(error: FormatError) -> Self {
        End::Format(error)
    }
}

pub(super) fn read(
    bytes: &[u8],
    shape: &Shape,
    columns: &Columns,
    required: &[String],
    each: &mut EachRow<'_>,
) -> Result<Vec<String>, String> {
    let mut header: Option<(usize, Vec<usize>)> = None;
    let notes = for_each_record(bytes, &shape.records, |line, record| {
        let Some((width, places)) = &header else {
            let names: Vec<String> = record.iter().map(str::to_owned).collect();
            missing(required, &names).map_err(End::Words)?;
            header = Some((names.len(), columns.find_in(&names).map_err(End::Words)?));
            return Ok(());
        };
        if record.len() > *width && record.iter().skip(*width).any(|cell| !cell.trim().is_empty()) {
            let reason = format!("the row has {} cells and the header {width}: it is shifted", record.len());
            each(line, Err(&reason));
            return Ok(());
        }
        let cell = |place: &usize| match record.get(*place) {
            Some("") | None => Cell::Blank,
            Some(text) => Cell::Text(text),
        };
        let cells: Vec<Cell<'_>> = places.iter().map(cell).collect();
        each(line, Ok(&cells));
        Ok(())
    });
    notes.map_err(|end| match end {
        End::Format(error) => error.to_string(),
        End::Words(words) => words,
    })
}

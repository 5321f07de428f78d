//! Printing tables and bytes.

use std::io::Write;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, TableComponent};

use super::Failure;
use crate::error::ErrorCode;

/// A table for reading: headers, and the columns whose text stands right.
pub fn table(headers: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    table.set_header(headers);
    for row in rows {
        let cell = |(i, text): (usize, String)| {
            let align = if right.contains(&i) { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(text).set_alignment(align)
        };
        table.add_row(row.into_iter().enumerate().map(cell));
    }
    table.to_string()
}

/// Writes bytes to standard output; a reader that has gone away is not an error.
pub fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(ErrorCode::Internal, format!("writing to standard output failed: {error}"), None))
        }
        _ => Ok(()),
    }
}

/// Prints a line; a reader that has gone away is not an error.
pub fn print_line(text: &str) -> Result<(), Failure> {
    print_bytes(format!("{text}\n").as_bytes())
}

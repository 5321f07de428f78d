//! Bytes of any form to rows of cells: only the wanted columns, one row after the other.

mod columnar;
mod delimited;
mod json;
mod objects;
mod sheet;
mod xml;

use std::borrow::Cow;
use std::io::Read;

use super::cell::{Columns, EachRow};
use super::model::{CaseFormat, Shape};

/// Most bytes that a compressed file may grow to.
const INFLATED_MAX: u64 = 16 << 30;

/// Gives all rows of a source; returns what was noticed.
///
/// # Errors
/// Words about bytes that are not of the declared form, or that lack a wanted or required column.
pub(super) fn read_rows(
    bytes: &[u8],
    shape: &Shape,
    columns: &Columns,
    required: &[String],
    each: &mut EachRow<'_>,
) -> Result<Vec<String>, String> {
    let bytes = inflated(bytes)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("it is empty".to_owned());
    }
    match shape.format {
        CaseFormat::Auto => match looks_like(&bytes) {
            CaseFormat::Parquet => columnar::read(&bytes, columns, required, each),
            CaseFormat::Workbook => sheet::read(&bytes, shape, columns, required, each),
            CaseFormat::Json => json::read(&bytes, shape, columns, required, each),
            CaseFormat::Xml => xml::read(&bytes, columns, required, each),
            CaseFormat::Delimited | CaseFormat::Auto => delimited::read(&bytes, shape, columns, required, each),
        },
        CaseFormat::Delimited => delimited::read(&bytes, shape, columns, required, each),
        CaseFormat::Parquet => columnar::read(&bytes, columns, required, each),
        CaseFormat::Workbook => sheet::read(&bytes, shape, columns, required, each),
        CaseFormat::Json => json::read(&bytes, shape, columns, required, each),
        CaseFormat::Xml => xml::read(&bytes, columns, required, each),
    }
}

fn looks_like(bytes: &[u8]) -> CaseFormat {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        _ if bytes.starts_with(b"PAR1") => CaseFormat::Parquet,
        _ if crate::format::is_workbook(bytes) => CaseFormat::Workbook,
        Some(b'[' | b'{') => CaseFormat::Json,
        Some(b'<') => CaseFormat::Xml,
        _ => CaseFormat::Delimited,
    }
}

/// How many requests an answer of an Open311 server holds; `None` if it is none.
pub(in crate::feed) fn count_requests(bytes: &[u8]) -> Option<usize> {
    match looks_like(bytes) {
        CaseFormat::Json => json::count(bytes),
        CaseFormat::Xml => xml::count(bytes),
        _ => None,
    }
}

/// The content of a gzip file, other bytes as they are.
pub(super) fn inflated(bytes: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut content = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes).take(INFLATED_MAX + 1);
    decoder.read_to_end(&mut content).map_err(|e| format!("the gzip file is damaged or not whole ({e})"))?;
    if content.len() as u64 > INFLATED_MAX {
        return Err(format!("the gzip file grows to more than {} GB", INFLATED_MAX >> 30));
    }
    Ok(Cow::Owned(content))
}

/// The required columns that a header lacks, in words.
fn missing(required: &[String], header: &[String]) -> Result<(), String> {
    let mut columns = Columns::default();
    required.iter().for_each(|name| {
        columns.place(name);
    });
    columns.find_in(header).map(|_| ())
}

//! Cases: what a declared mapping makes of the rows of a case store, an Open311 server or an export.
//!
//! One mapping (columns, time formats and zone, code lists, channels, states) reads every form: delimited text, Parquet,
//! workbooks, Open311 JSON and XML, and the pages that are pulled from PostgreSQL. Bytes and a mapping in, cases and
//! rejected rows out; rows are streamed, only mapped columns are looked at. There is no key for the text of a case or
//! for who sent it. docs/case-mapping.md says how a mapping is written.

mod areas;
mod cell;
mod check;
mod codes;
mod declaration;
mod events;
mod gather;
pub(in crate::feed) mod known;
mod load;
mod mapper;
mod model;
mod origin;
mod read;
mod source;
mod time;

#[cfg(test)]
mod tests;

pub(in crate::feed) use source::count_requests;

pub use gather::{CaseBatch, CasesRead};
pub use model::{CaseDeclaration, CaseMapping};
pub use origin::{Origin, origin};

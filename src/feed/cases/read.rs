//! The parts of a snapshot to the cases that they hold.

use std::sync::Arc;

use super::events::{EventMapper, EventsByCase};
use super::gather::{Brought, CasesRead, Gather};
use super::mapper::Mapper;
use super::model::CaseMapping;
use super::source::read_rows;
use crate::catalog::Catalog;
use crate::feed::error::in_words;
use crate::feed::figures::{Rejected, SourcePart};

/// Most rejected rows of one snapshot that are written down one by one; the rest is counted. A wrong code list must not
/// make millions of rows of complaints.
const REJECTED_KEPT: usize = 100_000;

impl CaseMapping {
    /// The cases in the parts of one snapshot. Where the mapping has a table of events, the last part is that table.
    ///
    /// # Errors
    /// Words about bytes that are not what the mapping declares: another format, a column that is gone.
    pub fn read(&self, parts: &[SourcePart<'_>], run_id: &str, catalog: &Catalog) -> Result<CasesRead, String> {
        let (case_parts, event_part) = match (&self.events, parts) {
            (Some(_), [cases @ .., events]) if !cases.is_empty() => (cases, Some(events)),
            (Some(_), _) => return Err("the cases came without their table of events".to_owned()),
            (None, parts) => (parts, None),
        };
        let pulled = parts.first().ok_or("there are no parts")?.pulled;
        let mut notes = Vec::new();
        let mut rejected = Vec::new();
        let mut events = match event_part {
            Some(part) => Some(self.read_events(part, &mut notes, &mut rejected).map_err(|e| format!("events: {e}"))?),
            None => None,
        };
        let brought = Brought { feed: self.code.as_str().into(), run_id: run_id.into(), pulled };
        let mut gather = Gather::new(brought);
        for (i, part) in case_parts.iter().enumerate() {
            let source_ref: Arc<str> = part.url.into();
            let mut mapper = Mapper::new(self, catalog, &source_ref, pulled);
            let mut failed = None;
            let read =
                read_rows(part.bytes, &self.shape, &self.columns, &self.required, &mut |number, cells| match cells {
                    Ok(cells) => {
                        if let Some(case) = mapper.map(number, cells, events.as_mut()) {
                            failed = gather.take(case, number, &source_ref).err().or(failed.take());
                        }
                    }
                    Err(reason) => mapper.reject_row(number, reason),
                });
            rejected.append(&mut mapper.rejected);
            let of = |words: String| {
                if case_parts.len() == 1 { words } else { format!("part {} of {}: {words}", i + 1, case_parts.len()) }
            };
            notes.extend(read.map_err(of)?);
            if let Some(error) = failed {
                return Err(in_words(&error));
            }
        }
        rejected.extend(events.into_iter().flat_map(EventsByCase::left_over));
        let (batches, doubled) = gather.finish().map_err(|e| in_words(&e))?;
        rejected.extend(doubled);
        let own_updates = self.fields.updated.is_some();
        Ok(CasesRead { batches, own_updates, rejected: cut(rejected, &mut notes), notes })
    }

    fn read_events(
        &self,
        part: &SourcePart<'_>,
        notes: &mut Vec<String>,
        rejected: &mut Vec<Rejected>,
    ) -> Result<EventsByCase, String> {
        let mapping = self.events.as_ref().ok_or("the mapping has no table of events")?;
        let mut mapper = EventMapper::new(mapping, part.url);
        let read = read_rows(part.bytes, &self.shape, &mapping.columns, &[], &mut |number, cells| match cells {
            Ok(cells) => mapper.take(number, cells),
            Err(reason) => mapper.reject_row(number, reason),
        });
        notes.extend(read?);
        let (events, bad) = mapper.finish();
        rejected.extend(bad);
        Ok(events)
    }
}

fn cut(mut rejected: Vec<Rejected>, notes: &mut Vec<String>) -> Vec<Rejected> {
    if rejected.len() > REJECTED_KEPT {
        notes.push(format!(
            "{} rows or cells were not taken, the first {REJECTED_KEPT} are written down",
            rejected.len()
        ));
        rejected.truncate(REJECTED_KEPT);
    }
    rejected
}

//! What a feed has said of its cases so far, so that only what differs becomes a new version.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use datafusion::common::HashMap;
use datafusion::common::hash_map::Entry;
use sha2::{Digest, Sha256};

use super::gather::CaseBatch;
use crate::domain::Vintage;
use crate::store::rows::CaseVersion;

/// An identifier as the first half of its SHA-256: tens of millions of cases must fit into the memory.
pub(in crate::feed) type CaseKey = [u8; 16];

/// The key of an identifier.
pub(in crate::feed) fn key_of(id: &str) -> CaseKey {
    let mut key = [0; 16];
    key.copy_from_slice(&Sha256::digest(id.as_bytes())[..16]);
    key
}

/// The newest version of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    updated: i64,
    recorded: i64,
    content: i64,
}

/// The newest versions of all cases of a feed.
#[derive(Debug, Default)]
pub(in crate::feed) struct KnownCases {
    by_key: HashMap<CaseKey, Known>,
}

impl KnownCases {
    /// Takes a version that is in the table.
    pub fn insert(&mut self, version: &CaseVersion<'_>) {
        let CaseVersion { updated, recorded, content, .. } = *version;
        let new = Known { updated, recorded, content };
        let known = self.by_key.entry(key_of(version.id)).or_insert(new);
        if (known.updated, known.recorded) < (updated, recorded) {
            *known = new;
        }
    }

    /// Takes the versions of a batch that are new, and gives them as they go into the tables; `None` if none is.
    ///
    /// A version is new when the source changed the case later, or says something else under the same time of change:
    /// then it counts from when it was `pulled`. Where the source gives no time of change (`own_updates` is false),
    /// only another content is new.
    pub fn admit(&mut self, batch: &CaseBatch, own_updates: bool, pulled: Vintage) -> Option<CaseBatch> {
        let column = |name: &str| batch.cases.column_by_name(name).expect("the batch is of the table of cases");
        let ids = column("case_id").as_string::<i32>();
        let updated = column("source_updated_at").as_primitive::<TimestampMicrosecondType>();
        let contents = column("content_hash").as_primitive::<Int64Type>();
        let mut is_new = vec![false; ids.len()];
        let mut recorded = vec![pulled.micros(); ids.len()];
        for row in 0..ids.len() {
            let version =
                Known { updated: updated.value(row), recorded: pulled.micros(), content: contents.value(row) };
            match self.by_key.entry(key_of(ids.value(row))) {
                Entry::Vacant(place) => {
                    place.insert(version);
                    is_new[row] = true;
                }
                Entry::Occupied(mut place) => {
                    let known = *place.get();
                    let differs = known.content != version.content;
                    let later = version.updated > known.updated && (own_updates || differs);
                    if later {
                        place.insert(version);
                        is_new[row] = true;
                    } else if version.updated == known.updated && differs {
                        recorded[row] = pulled.micros().max(known.recorded + 1);
                        place.insert(Known { recorded: recorded[row], ..version });
                        is_new[row] = true;
                    }
                }
            }
        }
        if !is_new.contains(&true) {
            return None;
        }
        let all = is_new.iter().all(|new| *new) && recorded.iter().all(|at| *at == pulled.micros());
        Some(if all { batch.clone() } else { batch.recorded(&recorded).keep(&is_new) })
    }
}

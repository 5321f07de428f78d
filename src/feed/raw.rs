//! The raw snapshots: every byte a feed ever answered, kept with its hash and time, and a note of every attempt that
//! brought none. Tables can be rebuilt from this folder alone.
//!
//! `<root>/<feed>/<seq:08>-<first 16 hex of sha256>.bin` holds the bytes, the `.json` beside it says where they come
//! from. An attempt without bytes is `<seq:08>-unchanged.json` or `<seq:08>-failed.json`. `seq` increases per feed.
//! An entry exists when its `.json` does; the `.bin` is durable before that, so whatever a crash leaves behind is
//! either a whole entry or an orphan that [`RawStore::record`] sweeps away. Nothing here knows a format or a table.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::durable::{entries_of, io_error, lock_folder, sync_folder, write_all};
use crate::domain::Vintage;
use crate::error::{Coded, ErrorCode};

/// The folder of raw snapshots.
#[derive(Debug, Clone)]
pub struct RawStore {
    root: PathBuf,
    /// Notes that were read before: a note never changes, and a followed source makes many.
    notes: Arc<Mutex<HashMap<PathBuf, RawEntry>>>,
}

/// What one attempt at one locator brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Brought {
    /// Bytes.
    Snapshot {
        /// SHA-256 of all parts one after the other, 64 hex digits.
        sha256: String,
        /// Length of each part; an answer that came in pages has several.
        parts: Vec<usize>,
    },
    /// The bytes that were already kept.
    Unchanged {
        /// Why, in words.
        words: String,
    },
    /// Nothing.
    Failed {
        /// Why, in words.
        words: String,
    },
}

/// One attempt: the `.json` beside the bytes. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawEntry {
    /// Feed code.
    pub feed: String,
    /// Number within the feed, from 1.
    pub seq: u64,
    /// The stable name of what was asked for: an address before its dates are filled in, or a path under the drop
    /// folder. The same locator twice means a newer answer to the same question.
    pub locator: String,
    /// The address or path that was really read.
    pub url: String,
    /// When the pull began.
    pub started_at: i64,
    /// When its last byte was there.
    pub pulled_at: i64,
    /// `Content-Type`, if the source said one.
    pub content_type: Option<String>,
    /// Other headers of the answer.
    pub headers: BTreeMap<String, String>,
    /// What came.
    pub brought: Brought,
}

impl RawEntry {
    /// When the pull ended, as a vintage.
    pub fn pulled(&self) -> Vintage {
        Vintage::from_micros(self.pulled_at)
    }

    /// Bytes of all parts together.
    pub fn size(&self) -> usize {
        match &self.brought {
            Brought::Snapshot { parts, .. } => parts.iter().sum(),
            Brought::Unchanged { .. } | Brought::Failed { .. } => 0,
        }
    }

    /// The hash, if there are bytes.
    pub fn sha256(&self) -> Option<&str> {
        match &self.brought {
            Brought::Snapshot { sha256, .. } => Some(sha256),
            Brought::Unchanged { .. } | Brought::Failed { .. } => None,
        }
    }

    /// The run this attempt is: a function of feed, number and hash only, so that a replay gives the same.
    pub fn run_id(&self) -> String {
        let text = format!("{}|{}|{}", self.feed, self.seq, self.sha256().unwrap_or(""));
        hex(&Sha256::digest(text.as_bytes()))[..16].to_owned()
    }

    fn stem(&self) -> String {
        let tail = match &self.brought {
            Brought::Snapshot { sha256, .. } => &sha256[..16],
            Brought::Unchanged { .. } => "unchanged",
            Brought::Failed { .. } => "failed",
        };
        format!("{:08}-{tail}", self.seq)
    }
}

/// An attempt about to be recorded; the store gives it its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// See [`RawEntry::locator`].
    pub locator: String,
    /// See [`RawEntry::url`].
    pub url: String,
    /// See [`RawEntry::started_at`].
    pub started_at: i64,
    /// See [`RawEntry::pulled_at`].
    pub pulled_at: i64,
    /// See [`RawEntry::content_type`].
    pub content_type: Option<String>,
    /// See [`RawEntry::headers`].
    pub headers: BTreeMap<String, String>,
    /// Parts of the answer, or words about why there are none.
    pub outcome: AttemptOutcome,
}

impl Attempt {
    fn numbered(self, feed: &str, seq: u64) -> (RawEntry, Option<Vec<u8>>) {
        let (brought, bytes) = match self.outcome {
            AttemptOutcome::Bytes(parts) => {
                let sizes = parts.iter().map(Vec::len).collect();
                (Brought::Snapshot { sha256: sha256_of(&parts), parts: sizes }, Some(joined(parts)))
            }
            AttemptOutcome::Unchanged(words) => (Brought::Unchanged { words }, None),
            AttemptOutcome::Failed(words) => (Brought::Failed { words }, None),
        };
        let entry = RawEntry {
            feed: feed.to_owned(),
            seq,
            locator: self.locator,
            url: self.url,
            started_at: self.started_at,
            pulled_at: self.pulled_at,
            content_type: self.content_type,
            headers: self.headers,
            brought,
        };
        (entry, bytes)
    }
}

/// What an attempt brought, before it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The parts of an answer; usually one.
    Bytes(Vec<Vec<u8>>),
    /// The same bytes as before.
    Unchanged(String),
    /// Nothing, and why.
    Failed(String),
}

/// The folder could not be read or written, or does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum RawError {
    /// The operating system refused.
    #[error("cannot {what} \"{}\"", path.display())]
    Io {
        /// What was being done.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// A sidecar is not one.
    #[error("raw snapshot note \"{}\" cannot be read", path.display())]
    Note {
        /// Where.
        path: PathBuf,
        /// Cause.
        source: serde_json::Error,
    },
    /// The bytes are not those that were kept.
    #[error("raw snapshot \"{}\" does not have the hash it was kept with", path.display())]
    Corrupt {
        /// Where.
        path: PathBuf,
    },
    /// A feed code that cannot be a folder name.
    #[error("feed code \"{0}\" may only hold a-z, 0-9, \"_\" and \"-\"")]
    FeedCode(String),
}

impl Coded for RawError {
    fn code(&self) -> ErrorCode {
        match self {
            RawError::Io { .. } | RawError::Note { .. } | RawError::Corrupt { .. } => ErrorCode::Storage,
            RawError::FeedCode(_) => ErrorCode::BadDeclaration,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            RawError::Corrupt { .. } => Some("Restore the file from a backup; the tables do not need it.".to_owned()),
            RawError::Io { .. } | RawError::Note { .. } | RawError::FeedCode(_) => None,
        }
    }
}

impl RawStore {
    /// A store under `root`, usually `<data>/raw`; folders are made when first needed.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), notes: Arc::default() }
    }

    /// Feeds that have a folder, in code order.
    pub fn feeds(&self) -> Result<Vec<String>, RawError> {
        let mut feeds = Vec::new();
        for (path, name) in entries_of(&self.root)? {
            if path.is_dir() && check_feed(&name).is_ok() {
                feeds.push(name);
            }
        }
        feeds.sort();
        Ok(feeds)
    }

    /// All attempts of a feed by number.
    pub fn list(&self, feed: &str) -> Result<Vec<RawEntry>, RawError> {
        check_feed(feed)?;
        let mut list = Vec::new();
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, name) in entries_of(&self.root.join(feed))? {
            if name.ends_with(".json") {
                if let Some(known) = notes.get(&path) {
                    list.push(known.clone());
                    continue;
                }
                let bytes = fs::read(&path).map_err(io_error("read", &path))?;
                let entry: RawEntry =
                    serde_json::from_slice(&bytes).map_err(|source| RawError::Note { path: path.clone(), source })?;
                notes.insert(path, entry.clone());
                list.push(entry);
            }
        }
        list.sort_by_key(|entry| entry.seq);
        Ok(list)
    }

    /// Writes attempts down durably and gives them the next numbers of the feed, in their order.
    ///
    /// When this returns, bytes and notes survive a power cut; when it does not return, some of the attempts may be
    /// there and the others not, but none in part.
    pub fn record(&self, feed: &str, attempts: Vec<Attempt>) -> Result<Vec<RawEntry>, RawError> {
        check_feed(feed)?;
        if attempts.is_empty() {
            return Ok(Vec::new());
        }
        let folder = self.root.join(feed);
        if !folder.exists() {
            fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
            sync_folder(&self.root)?;
        }
        let lock = lock_folder(&folder)?;
        let last = sweep(&folder)?;
        let (mut entries, mut contents, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for (attempt, seq) in attempts.into_iter().zip(last + 1..) {
            let (entry, bytes) = attempt.numbered(feed, seq);
            let stem = entry.stem();
            contents.extend(bytes.map(|bytes| (format!("{stem}.bin"), bytes)));
            let note = serde_json::to_vec_pretty(&entry).expect("a note holds only text and numbers");
            notes.push((format!("{stem}.json"), note));
            entries.push(entry);
        }
        // Contents before notes: an entry exists when its note does.
        write_all(&folder, &contents)?;
        write_all(&folder, &notes)?;
        drop(lock);
        Ok(entries)
    }

    /// The parts of a snapshot, verified against its hash; empty for an attempt that brought no bytes.
    pub fn read(&self, entry: &RawEntry) -> Result<Vec<Vec<u8>>, RawError> {
        let Brought::Snapshot { sha256, parts } = &entry.brought else { return Ok(Vec::new()) };
        let path = self.root.join(&entry.feed).join(format!("{}.bin", entry.stem()));
        let bytes = fs::read(&path).map_err(io_error("read", &path))?;
        let length_fits = parts.iter().sum::<usize>() == bytes.len();
        if !length_fits || sha256_hex(&bytes) != *sha256 {
            return Err(RawError::Corrupt { path });
        }
        if parts.len() == 1 {
            return Ok(vec![bytes]);
        }
        let mut rest = bytes.as_slice();
        let mut split = Vec::with_capacity(parts.len());
        for length in parts {
            let (part, after) = rest.split_at(*length);
            split.push(part.to_vec());
            rest = after;
        }
        Ok(split)
    }
}

/// The hash of parts one after the other.
pub fn sha256_of(parts: &[Vec<u8>]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hex(&hash.finalize())
}

/// Parts one after the other. An export of cases is one part of a gigabyte or more, and not copied.
fn joined(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    if parts.len() == 1 { parts.remove(0) } else { parts.concat() }
}

/// SHA-256 as 64 hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn check_feed(feed: &str) -> Result<(), RawError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if feed.is_empty() || !feed.chars().all(fits) {
        return Err(RawError::FeedCode(feed.to_owned()));
    }
    Ok(())
}

/// Removes what a crash left (half-written files, bytes without a note) and returns the last number in use.
fn sweep(folder: &Path) -> Result<u64, RawError> {
    let names: Vec<(PathBuf, String)> = entries_of(folder)?;
    let is_noted = |stem: &str| names.iter().any(|(_, name)| name.strip_suffix(".json") == Some(stem));
    let mut last = 0;
    for (path, name) in &names {
        if let Some(stem) = name.strip_suffix(".json") {
            let seq = stem.split('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(0);
            last = last.max(seq);
        } else if name.ends_with(".tmp") || name.strip_suffix(".bin").is_some_and(|stem| !is_noted(stem)) {
            fs::remove_file(path).map_err(io_error("remove", path))?;
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(locator: &str, outcome: AttemptOutcome) -> Attempt {
        Attempt {
            locator: locator.into(),
            url: format!("https://a.vn/{locator}"),
            started_at: 1_000,
            pulled_at: 2_000,
            content_type: Some("text/csv".into()),
            headers: BTreeMap::from([("etag".to_owned(), "\"1\"".to_owned())]),
            outcome,
        }
    }

    fn one(raw: &RawStore, attempt: Attempt) -> RawEntry {
        raw.record("cpi", vec![attempt]).unwrap().remove(0)
    }

    fn bytes(text: &str) -> AttemptOutcome {
        AttemptOutcome::Bytes(vec![text.as_bytes().to_vec()])
    }

    #[test]
    fn what_is_kept_can_be_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let raw = RawStore::new(folder.path().join("raw"));
        let parts = AttemptOutcome::Bytes(vec![b"[1]".to_vec(), Vec::new(), b"[2, 3]".to_vec()]);
        let first = one(&raw, attempt("a", parts));
        let second = one(&raw, attempt("a", AttemptOutcome::Failed("no answer".into())));
        let third = one(&raw, attempt("a", bytes("abc")));
        assert_eq!(raw.list("cpi").unwrap(), vec![first.clone(), second.clone(), third.clone()]);
        assert_eq!((first.seq, second.seq, third.seq), (1, 2, 3));
        assert_eq!(raw.read(&first).unwrap(), vec![b"[1]".to_vec(), Vec::new(), b"[2, 3]".to_vec()]);
        assert!(raw.read(&second).unwrap().is_empty());
        // The test vector of FIPS 180-2 for "abc".
        let name = "cpi/00000003-ba7816bf8f01cfea.bin";
        assert_eq!(fs::read(folder.path().join("raw").join(name)).unwrap(), b"abc");
        assert_eq!(raw.feeds().unwrap(), vec!["cpi"]);
        assert!(raw.list("iip").unwrap().is_empty());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let raw = RawStore::new(folder.path());
        let entry = one(&raw, attempt("a", bytes("abc")));
        fs::write(folder.path().join("cpi/00000001-ba7816bf8f01cfea.bin"), b"abd").unwrap();
        assert!(matches!(raw.read(&entry), Err(RawError::Corrupt { .. })));
    }

    #[test]
    fn what_a_crash_leaves_is_no_entry_and_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let raw = RawStore::new(folder.path());
        one(&raw, attempt("a", bytes("abc")));
        let leftovers = ["00000002-0123456789abcdef.bin", "00000002-fedcba9876543210.json.tmp"];
        for name in leftovers {
            fs::write(folder.path().join("cpi").join(name), b"half").unwrap();
        }
        assert_eq!(raw.list("cpi").unwrap().len(), 1);
        let next = one(&raw, attempt("a", bytes("abcd")));
        assert_eq!(next.seq, 2);
        assert!(leftovers.iter().all(|name| !folder.path().join("cpi").join(name).exists()));
        assert_eq!(raw.read(&next).unwrap(), vec![b"abcd".to_vec()]);
    }

    #[test]
    fn numbers_are_given_once_even_to_many_writers() {
        let folder = tempfile::tempdir().unwrap();
        let raw = RawStore::new(folder.path());
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let raw = &raw;
                scope.spawn(move || {
                    for i in 0..5 {
                        one(raw, attempt("a", bytes(&format!("{writer}/{i}"))));
                    }
                });
            }
        });
        let seqs: Vec<u64> = raw.list("cpi").unwrap().iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    }

    #[test]
    fn a_run_is_named_by_feed_number_and_hash() {
        let folder = tempfile::tempdir().unwrap();
        let raw = RawStore::new(folder.path());
        let entry = one(&raw, attempt("a", bytes("abc")));
        // printf 'cpi|1|ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' | sha256sum
        assert_eq!(entry.run_id(), "126319c17ea130a4");
        assert!(matches!(raw.record("../cpi", vec![attempt("a", bytes("x"))]), Err(RawError::FeedCode(_))));
    }
}

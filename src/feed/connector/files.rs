//! Files that departments and offices lay into the drop folder.
//!
//! A file is taken when it stands still: files being copied, hidden files and the half-files of browsers and sync
//! programs are left for the next pull. Links are not followed, so that nothing outside the folder is read.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::config::{CompanionConfig, FilesConfig};
use super::{Connector, ConnectorContext, Content, PullError, PullState, Pulled, glob};
use crate::domain::Clock;

/// The header under which the time of a file's last change is kept; no HTTP answer has it.
pub const FILE_MODIFIED: &str = "file-modified";

/// The header under which the name of the file that belongs to it is kept.
pub const FILE_COMPANION: &str = "file-companion";

/// All new files come from further ahead than this: the clock is one that a demonstration or a test has set to the past.
/// It cannot tell which files stand still, and nobody is copying files into that folder either.
const TIME_TRAVEL: TimeDelta = TimeDelta::days(1);

/// How far apart such files are looked at.
const TIME_TRAVEL_SETTLE: Duration = Duration::from_millis(50);

/// Endings of files that are still being written.
const UNFINISHED: [&str; 5] = [".part", ".tmp", ".crdownload", ".filepart", ".swp"];

/// A pattern under the drop folder.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    pattern: String,
    settle: Duration,
    max_bytes: u64,
    companion: Option<CompanionConfig>,
    clock: Arc<dyn Clock>,
}

/// A file that fits the pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// Path under the drop folder, names joined by `/`.
    name: String,
    path: PathBuf,
    bytes: u64,
    modified: Option<SystemTime>,
    /// The file that belongs to it.
    companion: Option<Box<Found>>,
}

impl Files {
    /// `kind = "files"`.
    pub fn new(config: &FilesConfig, context: &ConnectorContext) -> Result<Self, PullError> {
        let leaves = config.glob.starts_with('/') || config.glob.split('/').any(|name| name == "..");
        if leaves || config.glob.is_empty() {
            return Err(PullError::Declared {
                words: format!("pattern \"{}\" must lead below the drop folder", config.glob),
            });
        }
        Ok(Self {
            folder: context.drop_folder.clone(),
            pattern: config.glob.clone(),
            settle: Duration::from_millis(config.settle_ms),
            max_bytes: config.max_bytes,
            companion: config.companion.clone(),
            clock: context.clock.clone(),
        })
    }

    async fn take(&self) -> Result<Vec<Pulled>, PullError> {
        let found = self.look().await?;
        let now = self.clock.now();
        let mut still: Vec<Found> = Vec::new();
        let mut fresh: Vec<Found> = Vec::new();
        for file in found {
            if is_settled(&file, now, self.settle) { still.push(file) } else { fresh.push(file) }
        }
        if !fresh.is_empty() {
            let is_simulated = fresh.iter().all(|file| age(file, now) < -TIME_TRAVEL);
            let apart = if is_simulated { self.settle.min(TIME_TRAVEL_SETTLE) } else { self.settle };
            tokio::time::sleep(apart).await;
            let again = self.look().await?;
            still.extend(fresh.into_iter().filter(|file| again.contains(file)));
        }
        still.sort_by(|a, b| a.name.cmp(&b.name));
        let mut pulled = Vec::with_capacity(still.len());
        for file in still {
            let max_bytes = self.max_bytes;
            let taken = tokio::task::spawn_blocking(move || read(file, max_bytes)).await;
            pulled.extend(taken.expect("reading a file does not panic"));
        }
        Ok(pulled)
    }

    async fn look(&self) -> Result<Vec<Found>, PullError> {
        let (folder, pattern) = (self.folder.clone(), self.pattern.clone());
        let companion = self.companion.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let mut found = Vec::new();
            walk(&folder, "", &pattern, &mut found)?;
            if let Some(companion) = companion {
                found = found.into_iter().map(|file| with_companion(file, &folder, &companion)).collect();
            }
            Ok(found)
        });
        looked.await.expect("looking into a folder does not panic")
    }
}

#[async_trait]
impl Connector for Files {
    async fn pull(&self, _since: &PullState) -> Result<Vec<Pulled>, PullError> {
        self.take().await
    }
}

/// The file with the one that belongs to it; a companion that is not there yet has no bytes and no time.
fn with_companion(mut file: Found, folder: &Path, companion: &CompanionConfig) -> Found {
    let name = file.name.replace(&companion.replace, &companion.by);
    let path = folder.join(&name);
    let found = match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() && name != file.name => Found::new(name, path, &metadata),
        _ => Found { name, path, bytes: 0, modified: None, companion: None },
    };
    file.companion = Some(Box::new(found));
    file
}

/// Whether the file has stood still for long enough by the clock.
fn is_settled(file: &Found, now: DateTime<Utc>, settle: Duration) -> bool {
    let is_old = |file: &Found| age(file, now).to_std().is_ok_and(|age| age >= settle);
    is_old(file) && file.companion.as_deref().is_none_or(|other| other.modified.is_none() || is_old(other))
}

/// How long ago the file was changed; negative when it seems to come from the future.
fn age(file: &Found, now: DateTime<Utc>) -> TimeDelta {
    file.modified.map_or(TimeDelta::zero(), |modified| now - DateTime::<Utc>::from(modified))
}

fn walk(folder: &Path, prefix: &str, pattern: &str, found: &mut Vec<Found>) -> Result<(), PullError> {
    let failed = |source| PullError::File { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(failed(e)),
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let file_name = entry.file_name();
        // A name that is not text could not be told to anybody.
        let Some(own) = file_name.to_str() else { continue };
        if own.starts_with('.') || own.starts_with("~$") {
            continue;
        }
        let name = if prefix.is_empty() { own.to_owned() } else { format!("{prefix}/{own}") };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            walk(&entry.path(), &name, pattern, found)?;
        } else if kind.is_file() && !is_unfinished(own) && glob::fits(pattern, &name) {
            // A file that vanished since the folder was listed is simply not there.
            if let Ok(metadata) = entry.metadata() {
                found.push(Found::new(name, entry.path(), &metadata));
            }
        }
    }
    Ok(())
}

impl Found {
    fn new(name: String, path: PathBuf, metadata: &Metadata) -> Self {
        Self { name, path, bytes: metadata.len(), modified: metadata.modified().ok(), companion: None }
    }
}

fn is_unfinished(name: &str) -> bool {
    let lower = name.to_lowercase();
    UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

/// Reads a file; nothing if it changed since it was looked at, or is gone.
fn read(file: Found, max_bytes: u64) -> Option<Pulled> {
    let content = if file.bytes > max_bytes {
        Content::Unreadable(PullError::TooLarge { url: file.name.clone(), limit: max_bytes })
    } else {
        match fs::read(&file.path) {
            Ok(bytes) if bytes.len() as u64 != file.bytes => return None,
            Ok(bytes) => match file.companion.as_deref().map(|other| read_companion(other, max_bytes)) {
                None => Content::Bytes(vec![bytes]),
                Some(Ok(Some(second))) => Content::Bytes(vec![bytes, second]),
                Some(Ok(None)) => return None,
                Some(Err(error)) => Content::Unreadable(error),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => return None,
            Err(source) => Content::Unreadable(PullError::File { path: PathBuf::from(&file.name), source }),
        }
    };
    let mut headers = BTreeMap::new();
    if let Some(modified) = file.modified {
        let at = DateTime::<Utc>::from(modified).to_rfc3339_opts(SecondsFormat::Micros, true);
        headers.insert(FILE_MODIFIED.to_owned(), at);
    }
    headers.extend(file.companion.map(|other| (FILE_COMPANION.to_owned(), other.name)));
    Some(Pulled { locator: file.name.clone(), url: file.name, content_type: None, headers, content })
}

/// The second file's bytes; `None` if it changed since it was looked at.
fn read_companion(file: &Found, max_bytes: u64) -> Result<Option<Vec<u8>>, PullError> {
    if file.bytes > max_bytes {
        return Err(PullError::TooLarge { url: file.name.clone(), limit: max_bytes });
    }
    let bytes = fs::read(&file.path).map_err(|source| PullError::File { path: PathBuf::from(&file.name), source })?;
    Ok((bytes.len() as u64 == file.bytes).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::Secrets;
    use super::*;
    use crate::domain::clock::FixedClock;

    fn files(folder: &Path, glob: &str, now: DateTime<Utc>) -> Files {
        let context = ConnectorContext {
            clock: Arc::new(FixedClock(now)),
            secrets: Secrets::from_lookup(|_| None),
            drop_folder: folder.to_owned(),
            seed: 1,
        };
        Files::new(&FilesConfig { glob: glob.into(), settle_ms: 100, max_bytes: 10, companion: None }, &context)
            .unwrap()
    }

    fn later(seconds: i64) -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()) + chrono::TimeDelta::seconds(seconds)
    }

    #[tokio::test]
    async fn files_that_fit_are_taken_in_order_of_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("y_te/2022")).unwrap();
        for name in ["y_te/b.csv", "y_te/a.csv", "y_te/2022/c.csv", "y_te/a.csv.part", "y_te/~$a.csv", "y_te/.a.csv"] {
            fs::write(folder.path().join(name), name.len().to_string()).unwrap();
        }
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("y_te/link.csv")).unwrap();
        let pulled = files(folder.path(), "y_te/**/*.csv*", later(60)).take().await.unwrap();
        let names: Vec<&str> = pulled.iter().map(|p| p.locator.as_str()).collect();
        assert_eq!(names, ["y_te/2022/c.csv", "y_te/a.csv", "y_te/b.csv"]);
        assert!(matches!(&pulled[1].content, Content::Bytes(parts) if parts == &[b"10".to_vec()]));
    }

    #[tokio::test]
    async fn a_growing_file_is_left_for_the_next_pull() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("whole.csv"), "1").unwrap();
        let growing = folder.path().join("growing.csv");
        fs::write(&growing, "1").unwrap();
        let writer = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            fs::write(&growing, "12").unwrap();
        });
        let pulled = files(folder.path(), "*.csv", later(0)).take().await.unwrap();
        writer.await.unwrap();
        let names: Vec<&str> = pulled.iter().map(|p| p.locator.as_str()).collect();
        assert_eq!(names, ["whole.csv"]);
    }

    #[tokio::test]
    async fn one_file_that_is_too_large_does_not_hide_the_others() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.csv"), "0123456789x").unwrap();
        fs::write(folder.path().join("b.csv"), "1").unwrap();
        let pulled = files(folder.path(), "*.csv", later(60)).take().await.unwrap();
        let Content::Unreadable(error) = &pulled[0].content else { panic!("a.csv is too large") };
        assert_eq!(error.to_string(), "a.csv has more than 10 bytes");
        assert!(matches!(pulled[1].content, Content::Bytes(_)));
    }

    #[tokio::test]
    async fn no_folder_is_nothing_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let none = files(&folder.path().join("none"), "*.csv", later(0)).take().await.unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn a_pattern_may_not_leave_the_drop_folder() {
        let context = ConnectorContext {
            clock: Arc::new(FixedClock(later(0))),
            secrets: Secrets::from_lookup(|_| None),
            drop_folder: PathBuf::from("drop"),
            seed: 1,
        };
        for glob in ["../*.csv", "/etc/*", "a/../../b", ""] {
            let config = FilesConfig { glob: glob.into(), settle_ms: 0, max_bytes: 1, companion: None };
            assert!(Files::new(&config, &context).is_err(), "{glob}");
        }
    }
}

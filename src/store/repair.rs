//! What a writer puts right before it writes: leftovers of a process that died, or of a disk that lost power.
//!
//! Data files of a commit that never came are not visible to anybody; [`super::Upkeep::VacuumFull`] removes them.

use std::path::Path as FilePath;

use deltalake::DeltaTable;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use super::{StoreError, Table};

/// Sets aside the newest commit of a table if it is empty or cut off.
///
/// Such a commit was never acknowledged (a write returns after the disk has kept it), so its rows come again with the
/// next pull: the marker of the pull was in the same commit.
pub(super) async fn set_torn_commit_aside(table: Table, delta: &DeltaTable) -> Result<(), StoreError> {
    let store = delta.object_store();
    let failed = |action| move |source| StoreError::Object { action, source };
    let log = Path::from("_delta_log");
    let entries: Vec<_> = store.list(Some(&log)).try_collect().await.map_err(failed("list the log"))?;
    let newest = entries.into_iter().map(|entry| entry.location).filter(is_commit).max();
    let Some(newest) = newest else { return Ok(()) };
    let text = store.get(&newest).await.map_err(failed("read the newest commit"))?;
    let text = text.bytes().await.map_err(failed("read the newest commit"))?;
    if is_whole(&text) {
        return Ok(());
    }
    let aside = Path::from(format!("{newest}.torn"));
    store.copy(&newest, &aside).await.map_err(failed("set a torn commit aside"))?;
    store.delete(&newest).await.map_err(failed("set a torn commit aside"))?;
    tracing::warn!(
        table = table.name(),
        commit = %newest,
        bytes = text.len(),
        "commit \"{newest}\" of table \"{table}\" is cut off and was set aside; its rows will be taken again"
    );
    Ok(())
}

/// `00000000000000000012.json`.
fn is_commit(path: &Path) -> bool {
    let version = path.filename().and_then(|name| name.strip_suffix(".json"));
    version.is_some_and(|v| v.len() == 20 && v.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a commit has at least one action and every line is one.
fn is_whole(commit: &[u8]) -> bool {
    let mut lines = commit.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok())
}

/// Removes staging files (`name#12`) below a folder. Only the holder of the writer lock may do this.
pub(super) fn sweep_staging_files(folder: &FilePath) -> Result<(), StoreError> {
    let failed = |action, path: &FilePath| {
        let path = path.to_owned();
        move |source| StoreError::File { action, path, source }
    };
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).map_err(failed("list", folder))? {
        let entry = entry.map_err(failed("list", folder))?;
        let path = entry.path();
        if path.is_dir() {
            sweep_staging_files(&path)?;
        } else if is_staging_file(&path) {
            std::fs::remove_file(&path).map_err(failed("remove", &path))?;
        }
    }
    Ok(())
}

fn is_staging_file(path: &FilePath) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let number = name.and_then(|name| name.rsplit_once('#')).map(|(_, number)| number);
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_whole_when_every_line_is_an_action() {
        assert!(is_whole(b"{\"commitInfo\":{}}\n{\"txn\":{}}"));
        for torn in [&b""[..], b"\n", b"{\"commitInfo\":{}}\n{\"txn\":{", b"\0\0\0\0"] {
            assert!(!is_whole(torn), "{torn:?}");
        }
    }

    #[test]
    fn staging_files_end_in_a_number() {
        assert!(is_staging_file(FilePath::new("/lake/part-0.parquet#12")));
        for other in ["part-0.parquet", "a#b.json", "a#", "a#1b"] {
            assert!(!is_staging_file(FilePath::new(other)), "{other}");
        }
    }
}

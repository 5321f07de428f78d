//! One writing process per lake.
//!
//! The operating system holds the lock and frees it when the process ends, however it ends; the file itself stays. It
//! does not reach over a network share: two machines writing one S3 lake are kept apart by Delta's own commit check.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Held while this process may write.
#[derive(Debug)]
pub(super) struct WriterLock {
    /// Open as long as the lock is held; closing it frees the lock.
    _file: File,
}

impl WriterLock {
    /// Takes the lock or says who holds it.
    pub(super) fn acquire(path: &Path) -> Result<Self, StoreError> {
        let failed = |action| {
            let path = PathBuf::from(path);
            move |source| StoreError::File { action, path, source }
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed("create the folder of"))?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { path: path.into(), holder: holder(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(failed("lock")(source)),
        }
        file.set_len(0).map_err(failed("write"))?;
        file.rewind().map_err(failed("write"))?;
        writeln!(file, "{}", std::process::id()).map_err(failed("write"))?;
        Ok(Self { _file: file })
    }
}

/// The process id that the holder wrote down.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Coded, ErrorCode};

    #[test]
    fn the_second_writer_is_told_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/writer.lock");
        let first = WriterLock::acquire(&path).unwrap();
        let refusal = WriterLock::acquire(&path).unwrap_err();
        assert_eq!(refusal.code(), ErrorCode::Conflict);
        let pid = std::process::id();
        assert!(refusal.to_string().starts_with(&format!("the lake is being written by process {pid} ")), "{refusal}");
        drop(first);
        WriterLock::acquire(&path).unwrap();
    }
}

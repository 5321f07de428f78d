//! Files that survive a power cut: content before name, and folders synced.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::raw::RawError;

/// How many files are synced at once. The file system gathers syncs that wait together into one write to the disk, so
/// four hundred files take as long as thirty.
const SYNCING: usize = 16;

/// Names in a folder; none if it does not exist.
pub(super) fn entries_of(folder: &Path) -> Result<Vec<(PathBuf, String)>, RawError> {
    let reading = match fs::read_dir(folder) {
        Ok(reading) => reading,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(io_error("list", folder)(source)),
    };
    let mut entries = Vec::new();
    for entry in reading {
        let entry = entry.map_err(io_error("list", folder))?;
        entries.push((entry.path(), entry.file_name().to_string_lossy().into_owned()));
    }
    Ok(entries)
}

/// Holds every other process off the feed's folder until dropped; the system lets go of it when a process dies.
pub(super) fn lock_folder(folder: &Path) -> Result<File, RawError> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(io_error("create", &path))?;
    file.lock().map_err(io_error("lock", &path))?;
    Ok(file)
}

/// Writes files into one folder: all contents are on the disk before the first name is, so a file that has its name is
/// whole.
pub(super) fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), RawError> {
    let share = files.len().div_ceil(SYNCING).max(1);
    std::thread::scope(|scope| {
        let writers: Vec<_> = files
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().try_for_each(|f| write(folder, f))))
            .collect();
        writers.into_iter().try_for_each(|writer| writer.join().expect("writing a file does not panic"))
    })?;
    for (name, _) in files {
        let path = folder.join(name);
        fs::rename(temporary(folder, name), &path).map_err(io_error("name", &path))?;
    }
    sync_folder(folder)
}

fn write(folder: &Path, (name, bytes): &(String, Vec<u8>)) -> Result<(), RawError> {
    let path = temporary(folder, name);
    let mut file = File::create(&path).map_err(io_error("create", &path))?;
    file.write_all(bytes).map_err(io_error("write", &path))?;
    file.sync_all().map_err(io_error("sync", &path))
}

fn temporary(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.tmp"))
}

/// Makes the names in a folder survive.
pub(super) fn sync_folder(folder: &Path) -> Result<(), RawError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(io_error("sync", folder))
}

/// Names what was being done where.
pub(super) fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RawError {
    let path = path.to_owned();
    move |source| RawError::Io { what, path, source }
}

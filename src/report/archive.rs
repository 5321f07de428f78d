//! Prints laid into a folder. A file that is there is never overwritten: what was handed out stays what it was.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Lays a print into a folder; `None` if a file of this name is there already. Whoever looks into the folder sees the
/// whole file or none.
pub fn lay(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<Option<PathBuf>> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name);
    let part = folder.join(format!(".{name}.part"));
    let mut file = fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    // A second name, unlike a new one, is refused where there is a file already.
    let linked = match fs::hard_link(&part, &path) {
        Ok(()) => Ok(Some(path)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error),
    };
    fs::remove_file(&part)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("2022");
        let path = lay(&into, "a.pdf", b"first").unwrap().unwrap();
        assert_eq!(lay(&into, "a.pdf", b"second").unwrap(), None);
        assert_eq!(fs::read(path).unwrap(), b"first");
        assert_eq!(fs::read_dir(&into).unwrap().count(), 1, "nothing half done is left");
    }
}

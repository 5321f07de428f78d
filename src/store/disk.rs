//! Local disk that keeps what it acknowledged.
//!
//! The local object store writes and renames without asking the disk to keep anything, so that a power cut can leave a
//! commit of length zero, or a commit whose data files are empty. Here a file is synced before it becomes visible under
//! its name, and its folder after: since data files are written before the commit that names them, a commit that
//! survives always finds its data.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path as FilePath, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};

const STORE: &str = "DurableDisk";

/// Numbers the staging files of this process.
static STAGED: AtomicU64 = AtomicU64::new(1);

/// The local file system from its root, with every write synced.
#[derive(Debug)]
pub(super) struct DurableDisk {
    disk: LocalFileSystem,
}

impl DurableDisk {
    pub(super) fn new() -> Self {
        Self { disk: LocalFileSystem::new() }
    }
}

impl fmt::Display for DurableDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STORE)
    }
}

#[async_trait]
impl ObjectStore for DurableDisk {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let path = self.disk.path_to_filesystem(location)?;
        let create = match options.mode {
            PutMode::Create => true,
            PutMode::Overwrite => false,
            PutMode::Update(_) => return self.disk.put_opts(location, payload, options).await,
        };
        blocking(move || put(&path, &payload, create).map_err(|source| put_error(&path, source))).await?;
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let path = self.disk.path_to_filesystem(location)?;
        let upload = self.disk.put_multipart_opts(location, options).await?;
        Ok(Box::new(DurableUpload { upload, path }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.disk.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.disk.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.disk.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Path>, offset: &Path) -> BoxStream<'static, Result<ObjectMeta>> {
        self.disk.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.disk.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let path = self.disk.path_to_filesystem(to)?;
        self.disk.copy_opts(from, to, options).await?;
        blocking(move || sync_file(&path).map_err(generic)).await
    }
}

/// An upload in parts that is synced when it is complete.
#[derive(Debug)]
struct DurableUpload {
    upload: Box<dyn MultipartUpload>,
    path: PathBuf,
}

#[async_trait]
impl MultipartUpload for DurableUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.upload.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let result = self.upload.complete().await?;
        let path = self.path.clone();
        blocking(move || sync_file(&path).map_err(generic)).await?;
        Ok(result)
    }

    async fn abort(&mut self) -> Result<()> {
        self.upload.abort().await
    }
}

/// Writes a file under a staging name, syncs it, and gives it its name: in place of an older one, or only if there is
/// none.
fn put(path: &FilePath, payload: &PutPayload, create: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(FilePath::new("/"));
    let (mut file, staged) = stage(path, folder)?;
    let written = payload.iter().try_for_each(|chunk| file.write_all(chunk)).and_then(|()| file.sync_all());
    drop(file);
    let placed = written.and_then(|()| if create { std::fs::hard_link(&staged, path) } else { Ok(()) });
    let placed = match placed {
        Ok(()) if !create => std::fs::rename(&staged, path),
        other => {
            // A leftover staging file is swept at the next start; the outcome of the write is what matters here.
            let _ = std::fs::remove_file(&staged);
            other
        }
    };
    placed.and_then(|()| sync_folder(folder))
}

/// A new file beside `path`. Readers skip names that end in `#` and digits, as the local object store does.
fn stage(path: &FilePath, folder: &FilePath) -> io::Result<(File, PathBuf)> {
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!("#{}", STAGED.fetch_add(1, Ordering::Relaxed)));
        let staged = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&staged) {
            Ok(file) => return Ok((file, staged)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) if error.kind() == ErrorKind::NotFound => create_folder(folder)?,
            Err(error) => return Err(error),
        }
    }
}

/// Creates a folder and those above it, each recorded in the one above.
fn create_folder(folder: &FilePath) -> io::Result<()> {
    let missing: Vec<&FilePath> = folder.ancestors().take_while(|f| !f.exists()).collect();
    std::fs::create_dir_all(folder)?;
    for created in missing.iter().rev() {
        if let Some(above) = created.parent() {
            sync_folder(above)?;
        }
    }
    Ok(())
}

/// Syncs a file that already has its name, and its folder.
fn sync_file(path: &FilePath) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &FilePath) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn put_error(path: &FilePath, source: io::Error) -> Error {
    match source.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists { path: path.display().to_string(), source: Box::new(source) },
        _ => generic(source),
    }
}

fn generic(source: io::Error) -> Error {
    Error::Generic { store: STORE, source: Box::new(source) }
}

/// Runs file work where it does not hold up other tasks.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await?
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt;

    use super::*;

    fn at(folder: &FilePath, name: &str) -> Path {
        Path::from_filesystem_path(folder).unwrap().join(name)
    }

    #[tokio::test]
    async fn creating_twice_is_refused_and_leaves_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = DurableDisk::new();
        let path = at(folder.path(), "log").join("0.json");
        let create = |text: &'static str| store.put_opts(&path, text.into(), PutMode::Create.into());
        create("first").await.unwrap();
        assert!(matches!(create("second").await, Err(Error::AlreadyExists { .. })));
        assert_eq!(store.get(&path).await.unwrap().bytes().await.unwrap(), "first");
        store.put(&path, "third".into()).await.unwrap();
        assert_eq!(store.get(&path).await.unwrap().bytes().await.unwrap(), "third");
        let left: Vec<_> = std::fs::read_dir(folder.path().join("log")).unwrap().collect();
        assert_eq!(left.len(), 1, "staging files are gone");
    }

    #[tokio::test]
    async fn parts_become_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = DurableDisk::new();
        let path = at(folder.path(), "part.parquet");
        let mut upload = store.put_multipart(&path).await.unwrap();
        upload.put_part("ab".into()).await.unwrap();
        upload.put_part("cd".into()).await.unwrap();
        upload.complete().await.unwrap();
        assert_eq!(store.get(&path).await.unwrap().bytes().await.unwrap(), "abcd");
    }
}

//! Where files go, and the truth that goes with them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cell::{Cell, Truth};
use super::targets::TargetTruth;
use super::{Sample, SampleError};

/// Takes the files of a sample.
pub trait Sink {
    /// Takes one file; `path` is relative, with `/`.
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()>;
}

/// Keeps files in memory, by path.
#[derive(Debug, Default)]
pub struct MemorySink {
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Sink for MemorySink {
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        self.files.insert(path.to_owned(), bytes);
        Ok(())
    }
}

/// Writes files below a folder, making folders as needed.
#[derive(Debug)]
pub struct FolderSink {
    root: PathBuf,
}

impl FolderSink {
    /// Below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Sink for FolderSink {
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        let full = path.split('/').fold(self.root.clone(), |folder, part| folder.join(part));
        if let Some(folder) = full.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(full, bytes)
    }
}

/// Hands files to the sink and notes what they say.
pub(super) struct Press<'s> {
    sink: &'s mut dyn Sink,
    sample: Sample,
}

impl<'s> Press<'s> {
    /// Into a sink.
    pub fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, sample: Sample::default() }
    }

    /// One file of a feed and the figures in it. The feed's folder has the feed's code.
    pub fn publish<'c>(
        &mut self,
        feed: &'static str,
        name: &str,
        bytes: Vec<u8>,
        cells: impl IntoIterator<Item = &'c Cell>,
    ) -> Result<(), SampleError> {
        let path = format!("{feed}/{name}");
        self.plain(&path, bytes)?;
        let file: Arc<str> = path.into();
        self.sample.truth.extend(cells.into_iter().map(|c| Truth {
            feed,
            file: file.clone(),
            measure: c.measure,
            area: c.area.clone(),
            breakdown: c.breakdown(),
            period: c.period,
            published: c.published,
            value: c.value(),
            status: c.status,
        }));
        Ok(())
    }

    /// A file without figures of measures.
    pub fn plain(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), SampleError> {
        self.sink.file(path, bytes).map_err(|source| SampleError::Write { path: path.to_owned(), source })
    }

    /// Plan values that a file holds.
    pub fn targets(&mut self, targets: impl IntoIterator<Item = TargetTruth>) {
        self.sample.targets.extend(targets);
    }

    /// Rows of a file that must be rejected.
    pub fn bad_rows(&mut self, path: &str, rows: usize) {
        self.sample.bad_rows.push((path.to_owned(), rows));
    }

    /// What was written.
    pub fn into_sample(self) -> Sample {
        self.sample
    }
}

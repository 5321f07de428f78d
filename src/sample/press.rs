//! Where files go, and the truth that goes with them.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cases::CaseTruth;
use super::cell::{Cell, Truth};
use super::targets::TargetTruth;
use super::{Sample, SampleError};

/// Takes the files of a sample.
pub trait Sink {
    /// Takes one file; `path` is relative, with `/`.
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()>;

    /// Somewhere to write a file bit by bit, for files that may be too big for the memory; none where the sink takes
    /// whole files only.
    fn open(&mut self, path: &str) -> io::Result<Option<Box<dyn Write>>> {
        let _ = path;
        Ok(None)
    }
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

    /// The full path, below folders that exist.
    fn place(&self, path: &str) -> io::Result<PathBuf> {
        let full = path.split('/').fold(self.root.clone(), |folder, part| folder.join(part));
        if let Some(folder) = full.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(full)
    }
}

impl Sink for FolderSink {
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        std::fs::write(self.place(path)?, bytes)
    }

    fn open(&mut self, path: &str) -> io::Result<Option<Box<dyn Write>>> {
        let file = std::fs::File::create(self.place(path)?)?;
        Ok(Some(Box::new(BufWriter::with_capacity(1 << 18, file))))
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

    /// Somewhere to write a file bit by bit, where the sink has that.
    pub fn open(&mut self, path: &str) -> Result<Option<Box<dyn Write>>, SampleError> {
        self.sink.open(path).map_err(|source| SampleError::Write { path: path.to_owned(), source })
    }

    /// Cases that a file holds.
    pub fn cases(&mut self, truth: &CaseTruth) {
        self.sample.cases.add(truth);
    }

    /// What was written so far.
    pub fn so_far(&self) -> &Sample {
        &self.sample
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

//! Watches the folder of declared dashboards: what is saved there is on the pages a second later.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use tokio::task::JoinHandle;

use crate::catalog::{Catalog, Diagnostic};
use crate::dashboard::DashboardSet;

/// How often the folder is looked at. A few dozen files are a few dozen system calls.
pub(super) const EVERY: Duration = Duration::from_secs(1);

/// A folder that is being watched, until this is dropped.
#[derive(Debug)]
pub struct WatchedDashboards(JoinHandle<()>);

impl Drop for WatchedDashboards {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The dashboards at the start; their problems go to the log and do not stop anything.
pub(super) fn first(folder: &Path, catalog: &Catalog) -> DashboardSet {
    let set = DashboardSet::load(folder, catalog);
    log(&[], set.problems());
    set
}

/// Keeps `held` up to date with the folder. A file with errors leaves what was read of it before.
pub fn watch(
    folder: PathBuf,
    catalog: Arc<Catalog>,
    held: Arc<ArcSwap<DashboardSet>>,
    every: Duration,
) -> WatchedDashboards {
    WatchedDashboards(tokio::spawn(async move {
        let mut seen = None;
        loop {
            let (looked, before) = (folder.clone(), seen.clone());
            let (catalog, held) = (Arc::clone(&catalog), Arc::clone(&held));
            let looked = tokio::task::spawn_blocking(move || look(&looked, before, &catalog, &held)).await;
            seen = looked.unwrap_or(seen);
            tokio::time::sleep(every).await;
        }
    }))
}

/// Name, time of change and length of every file: what differs when one was saved.
type Marks = BTreeMap<OsString, (Option<SystemTime>, u64)>;

fn look(folder: &Path, seen: Option<Marks>, catalog: &Catalog, held: &ArcSwap<DashboardSet>) -> Option<Marks> {
    // Taken before the files are read: what is saved meanwhile differs the next time.
    let marks = marks(folder);
    if seen.as_ref() == Some(&marks) {
        return Some(marks);
    }
    let before = held.load_full();
    let next = before.reloaded(folder, catalog);
    if next.version() != before.version() || next.problems() != before.problems() {
        log(before.problems(), next.problems());
        tracing::info!(dashboards.version = next.version(), "{} dashboards were read anew", next.all().len());
        held.store(Arc::new(next));
    }
    Some(marks)
}

fn marks(folder: &Path) -> Marks {
    let Ok(entries) = std::fs::read_dir(folder) else { return Marks::new() };
    let mark = |entry: std::fs::DirEntry| {
        let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((entry.file_name(), (about.modified().ok(), about.len())))
    };
    entries.flatten().filter_map(mark).collect()
}

/// Each problem once, when it comes up.
fn log(before: &[Diagnostic], now: &[Diagnostic]) {
    for problem in now.iter().filter(|problem| !before.contains(problem)) {
        tracing::warn!(file = problem.file, line = problem.line, "dashboard not taken: {problem}");
    }
}

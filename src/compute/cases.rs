//! Cases: read from the lake, folded, counted, and kept up to date by what changed.
//!
//! One keeper writes; readers hold an immutable [`ServedCases`]. Time passes for cases even if nothing comes in (what was
//! open becomes overdue), so a refresh also moves the cut, where time stops, to the present.

use std::collections::HashMap;
use std::sync::Arc;

use super::ComputeError;
use super::case_quantiles::quantile_slices;
use super::case_records::records_of;
use crate::cases::{Applied, BookWriter, CaseBook, Cut, HandlingTimes, Monthly, NewCase, Scan, WorkingDays};
use crate::catalog::Catalog;
use crate::cube::Records;
use crate::domain::Vintage;
use crate::domain::case::{CaseHistory, Moment, fold};
use crate::store::rows::{CaseRow, read_case_rows};
use crate::store::{Changes, Lake, StoreError, Table};

/// While nothing comes in, figures grow old by so much at once: readers keep what they have for as long.
const AGES_BY_SECONDS: u32 = 60;
/// A source that said nothing for so long has stopped: what it did not report is not "nothing happened".
const SILENT_SECONDS: i64 = 48 * 3600;

/// All cases as they are served: the book, and where time stops.
#[derive(Debug, Clone)]
pub struct ServedCases {
    /// The cases.
    pub book: CaseBook,
    /// What is counted up to here; see [`known_until`].
    pub cut: Cut,
    /// When a source last changed a case.
    pub newest: Option<Vintage>,
    /// Counts by month.
    pub monthly: Monthly,
    /// Handling times.
    pub times: HandlingTimes,
    /// What days overdue are counted in.
    pub working_days: Arc<WorkingDays>,
    /// Version of table `cases` that was read, `None` before there is one.
    pub version: Option<u64>,
}

impl ServedCases {
    /// No cases.
    pub fn none(catalog: &Catalog) -> Self {
        let working_days = Arc::new(WorkingDays::of(&catalog.calendar));
        let (book, monthly) = (CaseBook::default(), Monthly::empty(Cut::NONE));
        let times = no_times(&book);
        Self { book, cut: Cut::NONE, newest: None, monthly, times, working_days, version: None }
    }

    /// The instant that figures without an "as of" are of: now, or, if the source has been silent for two days, the last
    /// thing it said. A month that a stopped source did not report must not look like a month without cases.
    pub fn as_of(&self) -> Moment {
        crate::cases::moment(self.cut.last())
    }

    /// What the cube reads, as of an instant (the served one if none is given).
    pub fn records(&self, catalog: &Catalog, as_of: Option<Vintage>) -> Records {
        let asked = as_of.and_then(Moment::from_vintage).map(Cut::as_of).filter(|cut| *cut < self.cut);
        let codes = &self.book.codes;
        match asked {
            None => records_of(catalog, codes, &self.monthly, quantile_slices(catalog, codes, &self.times)),
            Some(cut) => {
                let scan = Scan::new(cut, &self.working_days);
                let monthly = Monthly::count(self.book.batches(), scan);
                let times = HandlingTimes::of(self.book.batches(), codes, (cut, scan.threads));
                records_of(catalog, codes, &monthly, quantile_slices(catalog, codes, &times))
            }
        }
    }
}

fn no_times(book: &CaseBook) -> HandlingTimes {
    HandlingTimes::of(book.batches(), &book.codes, (Cut::NONE, 1))
}

/// Up to when cases are known: now, or the last change of a source that has been silent since.
pub fn known_until(now: Vintage, newest: Option<Vintage>) -> Cut {
    let moment = |at: Vintage| Moment::from_vintage(at).unwrap_or(Moment(0));
    let (now, newest) = (moment(now), newest.map(moment));
    match newest {
        Some(newest) if now.0 - newest.0 > SILENT_SECONDS => Cut::as_of(newest),
        _ => Cut::as_of(now),
    }
}

/// Versions of the two tables that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Read {
    cases: u64,
    events: Option<u64>,
}

/// Makes one state of all cases after the other.
#[derive(Debug)]
pub(super) struct CaseKeeper {
    catalog: Arc<Catalog>,
    working_days: Arc<WorkingDays>,
    writer: BookWriter,
    monthly: Monthly,
    times: HandlingTimes,
    newest: Option<Vintage>,
    read: Option<Read>,
}

impl CaseKeeper {
    pub fn new(catalog: Arc<Catalog>) -> Self {
        let working_days = Arc::new(WorkingDays::of(&catalog.calendar));
        let (writer, monthly) = (BookWriter::default(), Monthly::empty(Cut::NONE));
        let times = no_times(writer.book());
        Self { catalog, working_days, writer, monthly, times, newest: None, read: None }
    }

    /// Takes in what came into the lake since the last time and moves the cut to the present; everything is read again
    /// where the tables were rewritten. Gives how many cases changed.
    pub async fn refresh(&mut self, lake: &Lake, now: Vintage) -> Result<usize, ComputeError> {
        let (rows, read) = self.news(lake).await?;
        let Some(rows) = rows else {
            *self = Self::new(Arc::clone(&self.catalog));
            return Box::pin(self.refresh(lake, now)).await;
        };
        self.read = read;
        let changed = rows.len();
        let newest = rows.iter().map(|row| row.record.updated_at).max();
        self.newest = self.newest.max(newest);
        let mut cut = known_until(now, self.newest);
        let held = self.monthly.cut();
        if changed == 0 && held != Cut::NONE && cut.second().saturating_sub(held.second()) < AGES_BY_SECONDS {
            cut = cut.min(held);
        }
        let mut keeper = std::mem::replace(self, Self::new(Arc::clone(&self.catalog)));
        *self = super::engine::run_blocking(move || {
            keeper.take(rows, cut);
            keeper
        })
        .await;
        Ok(changed)
    }

    fn take(&mut self, rows: Vec<CaseRow>, cut: Cut) {
        let scan = Scan::new(cut, &self.working_days);
        let is_first = self.writer.book().is_empty();
        let mut applied = Applied::default();
        if !rows.is_empty() {
            let histories = folded(&self.catalog, &rows);
            let new = rows.iter().zip(&histories);
            let new = new.map(|(row, history)| NewCase { feed: &row.feed, record: &row.record, history });
            applied = self.writer.apply(&self.catalog.areas, new);
        }
        let book = self.writer.book();
        if is_first {
            self.monthly = Monthly::count(book.batches(), scan);
            self.times = HandlingTimes::of(book.batches(), &book.codes, (cut, scan.threads));
        } else {
            self.monthly.refresh(book, &applied, scan);
            self.times.refresh(book, &applied, (cut, scan.threads));
        }
        for broken in self.monthly.series(&self.writer.book().codes).identity_breaks().iter().take(3) {
            tracing::error!(scope = ?broken.scope, month = broken.month, expected = broken.expected, open = broken.open,
                "open cases do not follow from what came in and went out");
        }
    }

    /// New rows, newest version of every case only; `None` if everything must be read again.
    async fn news(&self, lake: &Lake) -> Result<(Option<Vec<CaseRow>>, Option<Read>), ComputeError> {
        let Some(before) = self.read else { return self.all(lake).await };
        let Changes::Added(cases) = lake.added_since(Table::Cases, before.cases).await? else {
            return Ok((None, None));
        };
        let batches = cases.read(None).await?;
        let rows: usize = batches.iter().map(|batch| batch.num_rows()).sum();
        if rows == 0 {
            return Ok((Some(Vec::new()), Some(Read { cases: cases.version(), ..before })));
        }
        // Events are written before the cases they belong to, so those of the new cases are there.
        let (events, version) = match before.events {
            None => whole(lake, Table::CaseEvents).await?.unwrap_or_default(),
            Some(version) => match lake.added_since(Table::CaseEvents, version).await? {
                Changes::Added(events) => (events.read(None).await?, Some(events.version())),
                Changes::Unclear(_) => return Ok((None, None)),
            },
        };
        let rows = newest(read_case_rows(&batches, &events)?);
        Ok((Some(rows), Some(Read { cases: cases.version(), events: version })))
    }

    async fn all(&self, lake: &Lake) -> Result<(Option<Vec<CaseRow>>, Option<Read>), ComputeError> {
        let Some((cases, Some(version))) = whole(lake, Table::Cases).await? else {
            return Ok((Some(Vec::new()), None));
        };
        let (events, event_version) = whole(lake, Table::CaseEvents).await?.unwrap_or_default();
        let rows = newest(read_case_rows(&cases, &events)?);
        Ok((Some(rows), Some(Read { cases: version, events: event_version })))
    }

    /// The state as readers see it.
    pub fn served(&self) -> ServedCases {
        ServedCases {
            book: self.writer.book().clone(),
            cut: self.monthly.cut(),
            newest: self.newest,
            monthly: self.monthly.clone(),
            times: self.times.clone(),
            working_days: Arc::clone(&self.working_days),
            version: self.read.map(|read| read.cases),
        }
    }
}

type Batches = (Vec<arrow::array::RecordBatch>, Option<u64>);

async fn whole(lake: &Lake, table: Table) -> Result<Option<Batches>, ComputeError> {
    match lake.snapshot(table).await {
        Ok(snapshot) => Ok(Some((snapshot.read(None).await?, Some(snapshot.version())))),
        Err(StoreError::NoTable { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The newest version of every case, in the order in which the cases first stand there.
fn newest(rows: Vec<CaseRow>) -> Vec<CaseRow> {
    let mut at: HashMap<(Arc<str>, Arc<str>), usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<CaseRow> = Vec::with_capacity(rows.len());
    for row in rows {
        match at.get(&(Arc::clone(&row.feed), Arc::clone(&row.record.id))) {
            None => {
                at.insert((Arc::clone(&row.feed), Arc::clone(&row.record.id)), kept.len());
                kept.push(row);
            }
            Some(k) => {
                let held = &mut kept[*k];
                if (row.record.updated_at, row.recorded_at) >= (held.record.updated_at, held.recorded_at) {
                    *held = row;
                }
            }
        }
    }
    kept
}

/// Folds cases on all cores, in their order.
fn folded(catalog: &Catalog, rows: &[CaseRow]) -> Vec<CaseHistory> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let chunk = rows.len().div_ceil(threads).max(1);
    let fold_all = |rows: &[CaseRow]| -> Vec<CaseHistory> {
        rows.iter().map(|row| fold(&row.record, &catalog.deadlines, &catalog.calendar)).collect()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = rows.chunks(chunk).map(|part| scope.spawn(move || fold_all(part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("folding does not panic")).collect()
    })
}

//! One case with everything that is kept of it: the newest version, what follows from its events, the pull it came with.

use datafusion::logical_expr::{col, lit};

use super::log::LogQuery;
use super::{ComputeError, Engine};
use crate::domain::case::{CaseHistory, fold};
use crate::store::rows::{CaseRow, RunRow, read_case_rows};
use crate::store::{StoreError, Table};

/// One case.
#[derive(Debug)]
pub struct CaseFile {
    /// The newest version with its events, and the run that brought it.
    pub row: CaseRow,
    /// Rounds, stints and deadlines.
    pub history: CaseHistory,
    /// The pull it came with; `None` if the log does not have it.
    pub run: Option<RunRow>,
    /// How many versions the sources gave.
    pub versions: usize,
}

impl Engine {
    /// The case with this identifier; where two feeds use the same one, that of `feed`, or of the first feed by code.
    pub async fn case_file(&self, id: &str, feed: Option<&str>) -> Result<Option<CaseFile>, ComputeError> {
        let (cases, events) = match (self.lake().snapshot(Table::Cases).await, Table::CaseEvents) {
            (Ok(cases), events) => (cases, self.lake().snapshot(events).await),
            (Err(StoreError::NoTable { .. }), _) => return Ok(None),
            (Err(error), _) => return Err(error.into()),
        };
        let of_case = || Some(col("case_id").eq(lit(id)));
        let events = match events {
            Ok(events) => events.read(of_case()).await?,
            Err(StoreError::NoTable { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let mut rows = read_case_rows(&cases.read(of_case()).await?, &events)?;
        let feeds = rows.iter().map(|row| row.feed.clone()).filter(|own| feed.is_none_or(|feed| **own == *feed));
        let Some(feed) = feeds.min() else { return Ok(None) };
        rows.retain(|row| row.feed == feed);
        let versions = rows.len();
        let Some(row) = rows.into_iter().max_by_key(|row| (row.record.updated_at, row.recorded_at)) else {
            return Ok(None);
        };
        let query = LogQuery { run_id: Some(row.run_id.to_string()), limit: 1, ..LogQuery::default() };
        let run = self.runs(&query).await?.rows.into_iter().next();
        let history = fold(&row.record, &self.catalog().deadlines, &self.catalog().calendar);
        Ok(Some(CaseFile { row, history, run, versions }))
    }
}

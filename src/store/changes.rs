//! What came into a table after a version, so that a reader need not read all of it again.

use std::collections::BTreeSet;

use deltalake::kernel::Action;
use deltalake::logstore::get_actions;
use deltalake::{DeltaResult, DeltaTable};

use super::commit;
use super::{StoreError, Table, TableSnapshot};

/// What came into a table after a version.
#[derive(Debug, Clone)]
pub enum Changes {
    /// Rows were only added: a snapshot of the present version with just the files that hold them (possibly none).
    Added(TableSnapshot),
    /// Rows were replaced, or moved to other files by compaction, or the log does not reach back that far: read all of
    /// the present version.
    Unclear(TableSnapshot),
}

impl Changes {
    /// The version that the reader has reached after reading.
    pub fn version(&self) -> u64 {
        match self {
            Changes::Added(snapshot) | Changes::Unclear(snapshot) => snapshot.version(),
        }
    }
}

/// Compares the loaded version of a table with an earlier one.
pub(super) async fn added_since(table: Table, delta: &DeltaTable, since: u64) -> Result<Changes, StoreError> {
    let failed = || StoreError::delta(table, "read the log");
    let now = commit::version(delta).map_err(failed())?;
    let mut added: Option<BTreeSet<String>> = Some(BTreeSet::new());
    for version in since + 1..=now {
        let news = commit_news(delta, version).await.map_err(failed())?;
        added = added.zip(news).and_then(|(so_far, news)| combine(so_far, news));
    }
    if let Some(added) = added.filter(|_| since <= now) {
        let fresh = TableSnapshot::of(table, delta, |path| added.contains(path))?;
        // A file that is no longer active has had its rows moved to another one.
        if fresh.file_count() == added.len() {
            return Ok(Changes::Added(fresh));
        }
    }
    Ok(Changes::Unclear(TableSnapshot::of(table, delta, |_| true)?))
}

/// What one commit did to the rows of a table.
struct News {
    /// Files with new rows.
    added: Vec<String>,
    /// Whether rows were taken out.
    removed: bool,
}

/// The news of a version, `None` when its commit has been cleaned up.
async fn commit_news(delta: &DeltaTable, version: u64) -> DeltaResult<Option<News>> {
    let Some(bytes) = delta.log_store().read_commit_entry(version).await? else { return Ok(None) };
    let mut news = News { added: Vec::new(), removed: false };
    for action in get_actions(version, &bytes)? {
        match action {
            Action::Add(add) if add.data_change => news.added.push(add.path),
            Action::Remove(remove) if remove.data_change => news.removed = true,
            _ => {}
        }
    }
    Ok(Some(news))
}

fn combine(mut so_far: BTreeSet<String>, news: News) -> Option<BTreeSet<String>> {
    if news.removed {
        return None;
    }
    so_far.extend(news.added);
    Some(so_far)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use datafusion::prelude::{col, lit};

    use super::super::fixture::{observed, open, words};
    use super::super::{Lake, Upkeep};
    use super::*;

    async fn append(lake: &Lake, measure: &str) -> u64 {
        let rows = vec![observed(measure, "2022-05", &[1.0]), observed(measure, "2021-05", &[2.0])];
        lake.append(Table::Observations, rows, None).await.unwrap();
        lake.snapshot(Table::Observations).await.unwrap().version()
    }

    async fn since(lake: &Lake, version: u64) -> Changes {
        lake.added_since(Table::Observations, version).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn added_files_hold_exactly_the_new_rows() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let first = append(&lake, "a").await;
        append(&lake, "b").await;
        let third = append(&lake, "c").await;
        let Changes::Added(fresh) = since(&lake, first).await else { panic!("rows were only added") };
        let expected = ["b 760 2021-05 2", "b 760 2022-05 1", "c 760 2021-05 2", "c 760 2022-05 1"];
        assert_eq!(words(&fresh, None).await, expected);
        assert_eq!(fresh.version(), third);
        let Changes::Added(none) = since(&lake, third).await else { panic!("nothing happened") };
        assert_eq!(words(&none, None).await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_transaction_without_rows_adds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let first = append(&lake, "a").await;
        let txn = super::super::Txn::new("feed/gso", 1);
        lake.append(Table::Observations, vec![], Some(&txn)).await.unwrap();
        let Changes::Added(none) = since(&lake, first).await else { panic!("rows were only added") };
        assert_eq!((none.file_count(), none.version()), (0, first + 1));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_compaction_or_replacement_everything_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let first = append(&lake, "a").await;
        let second = append(&lake, "b").await;
        lake.upkeep(Upkeep::Compact, DateTime::UNIX_EPOCH).await.unwrap();
        let Changes::Unclear(whole) = since(&lake, first).await else { panic!("files were merged") };
        assert_eq!(words(&whole, None).await.len(), 4);
        let Changes::Added(none) = since(&lake, second).await else { panic!("merging adds no rows") };
        assert_eq!(none.file_count(), 0);

        let year = col("period_year").eq(lit(2022));
        lake.replace_where(Table::Observations, year, vec![], None).await.unwrap();
        let Changes::Unclear(whole) = since(&lake, second).await else { panic!("rows were taken out") };
        assert_eq!(words(&whole, None).await, ["a 760 2021-05 2", "b 760 2021-05 2"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_version_of_another_lake_is_unclear() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        assert!(matches!(since(&lake, 99).await, Changes::Unclear(_)));
    }
}

//! From files to tables: what the same file again, a changed one, a shrunken one and a replay do.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::domain::Clock;
use crate::feed::connector::{ConnectorContext, Secrets};
use crate::feed::raw::RawStore;
use crate::feed::{Declarations, Feeds};
use crate::store::rows::{RunOutcome, read_case_rows, read_rejected_rows};
use crate::store::{Lake, LakeConfig, Table, Txn};

/// A clock that goes on by a day with every pull.
#[derive(Debug)]
struct Days(Mutex<DateTime<Utc>>);

impl Clock for Days {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// A drop folder and the feed over it.
struct City {
    folder: tempfile::TempDir,
    clock: Arc<Days>,
}

const MAPPING: &str = "format = 'csv'\n[case]\nid = 'id'\nreceived = 'received'\nresolved = 'resolved'\n\
                       category = { column = 'field', from_data = true }\n";

impl City {
    fn new() -> Self {
        let now = "2022-06-30T01:00:00Z".parse().unwrap();
        Self { folder: tempfile::tempdir().unwrap(), clock: Arc::new(Days(Mutex::new(now))) }
    }

    fn put(&self, name: &str, text: &str) {
        let folder = self.folder.path().join("f");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }

    async fn start(&self, lake: &str, mapping: &str) -> Feeds {
        let folder = self.folder.path().join(lake);
        std::fs::create_dir_all(&folder).unwrap();
        let lake = Arc::new(Lake::open(&LakeConfig::disk(&folder)).await.unwrap());
        let context = ConnectorContext {
            clock: self.clock.clone(),
            secrets: Secrets::from_lookup(|_| None),
            drop_folder: self.folder.path().to_owned(),
            seed: 1,
        };
        let declared = Declarations { figures: Vec::new(), cases: vec![load(&with_head(mapping)).unwrap()] };
        Feeds::new(&declared, &CATALOG, RawStore::new(self.folder.path().join("raw")), lake, &context).unwrap()
    }

    async fn pull(&self, feeds: &Feeds) -> Vec<(RunOutcome, String)> {
        let report = feeds.pull("f").await.unwrap();
        *self.clock.0.lock().unwrap() += TimeDelta::days(1);
        report.runs.into_iter().map(|run| (run.outcome, run.message)).collect()
    }
}

/// Every version in the tables, as sorted words.
async fn versions(feeds: &Feeds) -> Vec<String> {
    let cases = feeds.lake().snapshot(Table::Cases).await.unwrap().read(None).await.unwrap();
    let events = feeds.lake().snapshot(Table::CaseEvents).await.unwrap().read(None).await.unwrap();
    let mut words: Vec<String> =
        read_case_rows(&cases, &events).unwrap().iter().map(|row| format!("{row:?}")).collect();
    words.sort();
    words
}

fn export(rows: &[&str]) -> String {
    format!("id,received,resolved,field\n{}\n", rows.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_becomes_a_version() {
    let city = City::new();
    let feeds = city.start("lake", MAPPING).await;
    let day = "2022-05-25 08:00";
    city.put("a.csv", &export(&[&format!("1,{day},,trees"), &format!("2,{day},,trees"), &format!("3,{day},,")]));
    assert_eq!(city.pull(&feeds).await, [(RunOutcome::Ok, "3 cases read, 3 new or changed".to_owned())]);
    assert_eq!(city.pull(&feeds).await, [], "the file lies there still");
    let first = versions(&feeds).await;
    // One is answered, one is the same in other bytes, one is new.
    city.put(
        "a.csv",
        &export(&[
            &format!("1,{day}:00,,trees"),
            &format!("2,{day},2022-05-26 08:00,trees"),
            &format!("3,{day},,"),
            &format!("4,{day},,"),
        ]),
    );
    assert_eq!(city.pull(&feeds).await, [(RunOutcome::Ok, "4 cases read, 2 new or changed".to_owned())]);
    let both = versions(&feeds).await;
    assert_eq!((first.len(), both.len()), (3, 5));
    assert!(first.iter().all(|row| both.contains(row)), "nothing that is there changes");
    // Less than half of it, nothing of it, another shape, and everything rejected: the tables stay as they are.
    for (text, words) in [
        (export(&[&format!("9,{day},,")]), "1 case where the last good pull (f/a.csv) had 4; at least 50% of that"),
        (export(&[]), "it holds no figures"),
        (export(&[]).replace("received", "came"), "the column \"received\" is not there"),
        (export(&["1,x,,trees"]), "it holds no figures; 1 row was rejected, the first because \"x\" is not a time"),
        (String::new(), "the answer is empty"),
    ] {
        city.put("a.csv", &text);
        let runs = city.pull(&feeds).await;
        assert_eq!(runs[0].0, RunOutcome::Refused, "{runs:?}");
        assert!(runs[0].1.contains(words), "{runs:?}");
        assert_eq!(versions(&feeds).await, both);
    }
    // A process that starts anew knows from the tables what is known.
    drop(feeds);
    let feeds = city.start("lake", MAPPING).await;
    city.put(
        "b.csv",
        &export(&[
            &format!("4,{day},,"),
            &format!("5,{day},,"),
            &format!("3,{day},,"),
            &format!("2,{day},2022-05-26 08:00,trees"),
        ]),
    );
    let runs = city.pull(&feeds).await;
    assert_eq!(runs.last().unwrap().1, "4 cases read, 1 new or changed");
    let rows = versions(&feeds).await;
    let replayed = city.start("replayed", MAPPING).await;
    replayed.replay().await.unwrap();
    assert_eq!(versions(&replayed).await, rows, "a replay gives the same rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_under_the_same_time_of_change_counts_from_its_pull() {
    let city = City::new();
    let feeds = city.start("lake", &format!("{MAPPING}updated = 'updated'\n")).await;
    let file = |updated: &str, field: &str| {
        format!("id,received,resolved,field,updated\n1,2022-05-25 08:00,,{field},{updated}\n")
    };
    let mut expected = Vec::new();
    for (updated, field, is_new) in [
        ("2022-05-26", "a", true),
        ("2022-05-26", "b", true),
        ("2022-05-25", "c", false),
        ("2022-05-27", "b", true),
        ("2022-05-27", "d", true),
    ] {
        city.put("a.csv", &file(updated, field));
        let runs = city.pull(&feeds).await;
        assert_eq!(runs[0].1, format!("1 case read, {} new or changed", i32::from(is_new)));
        if is_new {
            expected.push(field.to_owned());
        }
        let cases = feeds.lake().snapshot(Table::Cases).await.unwrap().read(None).await.unwrap();
        let newest = read_cases(&cases, &[]).unwrap();
        assert_eq!((newest.len(), &*newest[0].category), (1, expected.last().unwrap().as_str()), "{updated} {field}");
    }
    assert_eq!(versions(&feeds).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_waits_for_its_table_of_events() {
    let city = City::new();
    let mapping = "format = 'csv'\n[case]\nid = 'id'\nreceived = 'received'\n\
                   [events]\ncase = 'id'\nat = 'at'\nkind = 'kind'\n";
    let text = with_head(mapping)
        .replace("glob = 'f/*'", "glob = 'f/*-cases.csv'\ncompanion = { replace = '-cases', by = '-events' }");
    let declared = load(&text).unwrap();
    assert_eq!(declared.mapping.event_columns().unwrap(), ["id", "at", "kind"]);
    let feeds = {
        let folder = city.folder.path().join("lake");
        std::fs::create_dir_all(&folder).unwrap();
        let lake = Arc::new(Lake::open(&LakeConfig::disk(&folder)).await.unwrap());
        let context = ConnectorContext {
            clock: city.clock.clone(),
            secrets: Secrets::from_lookup(|_| None),
            drop_folder: city.folder.path().to_owned(),
            seed: 1,
        };
        let declared = Declarations { figures: Vec::new(), cases: vec![declared] };
        Feeds::new(&declared, &CATALOG, RawStore::new(city.folder.path().join("raw")), lake, &context).unwrap()
    };
    city.put("5-cases.csv", "id,received\n1,2022-05-25 08:00\n");
    assert_eq!(city.pull(&feeds).await[0].0, RunOutcome::Failed);
    city.put("5-events.csv", "id,at,kind\n1,2022-05-25 08:00,received\n1,2022-05-26 08:00,answered\n");
    assert_eq!(city.pull(&feeds).await, [(RunOutcome::Ok, "1 case read, 1 new or changed".to_owned())]);
    let events = feeds.lake().snapshot(Table::CaseEvents).await.unwrap();
    assert_eq!(events.row_count(), Some(2));
    city.put("6-cases.csv", "id,received\n2,2022-06-25 08:00\n");
    city.put("6-events.csv", "id,at,kind\n2,2022-06-25 08:00,received\n9,2022-06-26 08:00,answered\n");
    city.pull(&feeds).await;
    let rejected = feeds.lake().snapshot(Table::RejectedRows).await.unwrap().read(None).await.unwrap();
    let rejected: Vec<_> = rejected.iter().flat_map(|batch| read_rejected_rows(batch).unwrap()).collect();
    let places: Vec<_> = rejected.iter().map(|row| (row.source_ref.as_str(), row.row)).collect();
    assert_eq!(places, [("f/6-events.csv", Some(3))], "the row stands in the file of events");
}

/// A process that dies between two tables.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_finished_once() {
    let city = City::new();
    let mapping = format!("{MAPPING}closed = 'closed'\n");
    let whole = city.start("whole", &mapping).await;
    let row = |id: u32| format!("{id},2022-05-25 08:00,2022-05-26 08:00,trees,2022-05-27");
    city.put("a.csv", &format!("id,received,resolved,field,closed\n{}\n{}\n", row(1), row(2)));
    city.pull(&whole).await;
    let expected = versions(&whole).await;
    let tables = [Table::CaseEvents, Table::Cases];
    for ahead in 0..=tables.len() {
        let torn = city.start(&format!("torn-{ahead}"), &mapping).await;
        for table in &tables[..ahead] {
            let rows = whole.lake().snapshot(*table).await.unwrap().read(None).await.unwrap();
            torn.lake().append(*table, rows, Some(&Txn::new("feed/f", 1))).await.unwrap();
        }
        torn.recover().await.unwrap();
        assert_eq!(versions(&torn).await, expected, "{ahead} tables were written");
        let events = torn.lake().snapshot(Table::CaseEvents).await.unwrap();
        assert_eq!(events.row_count(), Some(6), "received, answered and closed of two cases");
        assert!(torn.recover().await.unwrap().is_empty());
    }
}

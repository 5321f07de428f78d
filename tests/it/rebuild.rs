//! The same figures again: from raw bytes, by refresh, and after `kill -9` at any moment.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use rand::{RngExt, SeedableRng};
use toancanh::app::App;

use crate::harness::{City, RUNTIME, city, config, root, table_rows};

const SOURCES: [&str; 6] = ["observations", "targets", "cases", "case_events", "rejected_rows", "runs"];
const FIGURES: [&str; 2] = ["indicator_values", "measure_values"];

fn rows(app: &App, tables: &[&str]) -> std::collections::BTreeMap<String, Vec<String>> {
    table_rows(app, tables)
}

#[test]
fn replay_from_raw_bytes_gives_the_same_tables() {
    let original: &City = city();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    copy_folder(&original.folder().join("data/raw"), &data.join("raw"));
    let app = RUNTIME.block_on(async {
        let app = App::open_writer(config(folder.path())).await.unwrap();
        let feeds = app.feeds().unwrap();
        app.replay(&feeds, |_| {}).await.unwrap();
        app
    });
    let all: Vec<&str> = SOURCES.iter().chain(&FIGURES).copied().collect();
    assert!(rows(&app, &all) == rows(&original.app, &all), "replayed tables differ");
}

#[test]
fn a_full_recompute_changes_no_bit() {
    let original = city();
    let served = original.app.engine().served();
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&original.folder().join("data/lake"), &folder.path().join("data/lake"));
    let again = RUNTIME.block_on(App::open_writer(config(folder.path()))).unwrap();
    assert!(again.engine().served().cube == served.cube, "ingest feed by feed and a start from the tables differ");
}

/// Runs the binary on a folder.
fn toancanh(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_toancanh"))
        .args(arguments)
        .current_dir(root())
        .env("TOANCANH_DATA__DIR", folder.join("data"))
        .env("TOANCANH_FEEDS__DROP_DIR", folder.join("drop"))
        .env("TOANCANH_FEEDS__ENABLED", "ctk_monthly,ctk_accounts,so_ldtbxh,targets,ho_so_1022")
        .env("TOANCANH_CLOCK__FIXED", "2022-06-30T08:00:00+07:00")
        .env("TOANCANH_LOG__FILTER", "error")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_at_fifty_moments_nothing_is_lost_and_nothing_is_twice() {
    let folder = tempfile::tempdir().unwrap();
    let sample =
        toancanh(folder.path(), &["sample", folder.path().join("drop").to_str().unwrap(), "--months", "12"]).wait();
    assert!(sample.unwrap().success());
    let reports = folder.path().join("drop/ho_so_1022");
    std::fs::create_dir_all(&reports).unwrap();
    for file in ["2021-02-cases.csv.gz", "2021-02-events.csv.gz", "2022-06-cases.csv.gz", "2022-06-events.csv.gz"] {
        std::fs::copy(root().join("data-samples/ho_so_1022").join(file), reports.join(file)).unwrap();
    }
    let timed = tempfile::tempdir().unwrap();
    copy_folder(&folder.path().join("drop"), &timed.path().join("drop"));
    let began = std::time::Instant::now();
    assert!(toancanh(timed.path(), &["ingest"]).wait().unwrap().success());
    let whole = began.elapsed();
    let seed = 20_220_525;
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut killed = 0;
    for round in 0..50 {
        // Every other round begins from nothing, so that each stage is hit however fast the machine is; the one after it
        // goes on from what the kill left.
        if round % 2 == 0 && round < 48 {
            let _ = std::fs::remove_dir_all(folder.path().join("data"));
        }
        let command = if round % 4 == 3 { vec!["compute", "--full"] } else { vec!["ingest"] };
        let mut child = toancanh(folder.path(), &command);
        std::thread::sleep(whole.mul_f64(random.random_range(0.01..0.95)));
        killed += i32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(killed >= 20, "only {killed} of 50 processes were still at work when killed");
    assert!(toancanh(folder.path(), &["ingest"]).wait().unwrap().success());
    let clean = tempfile::tempdir().unwrap();
    copy_folder(&folder.path().join("drop"), &clean.path().join("drop"));
    assert!(toancanh(clean.path(), &["ingest"]).wait().unwrap().success());
    let open = |folder: &Path| RUNTIME.block_on(App::open_reader(config(folder))).unwrap();
    let all: Vec<&str> = SOURCES.iter().chain(&FIGURES).copied().collect();
    let (survived, expected) = (rows(&open(folder.path()), &all), rows(&open(clean.path()), &all));
    for table in &all {
        assert!(survived[*table] == expected[*table], "{table} differs after the kills (seed {seed})");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

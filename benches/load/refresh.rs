//! What a server does beside answering: everything computed again, cases coming in; over and over until stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use toancanh::app::App;
use toancanh::compute::Engine;
use toancanh::domain::Vintage;
use toancanh::store::Table;
use toancanh::store::rows::{CaseRow, case_events_batch, cases_batch, read_case_rows};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Cases that change at once, as a case system under load reports them.
const CASES: usize = 20;
/// How often they do.
const PAUSE: Duration = Duration::from_millis(500);

/// Kinds of work.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// Everything from the lake, without a pause.
    Recompute,
    /// A few changed cases twice a second, each time with the figures and tables that follow from them.
    Cases,
}

/// Work going on.
pub struct Running {
    work: Work,
    began: Instant,
    stop: Arc<AtomicBool>,
    task: JoinHandle<usize>,
    runtime: tokio::runtime::Handle,
}

impl Running {
    /// Starts it where the process does its work.
    pub fn start(work: Work, app: &Arc<App>, runtime: &Runtime) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, engine) = (Arc::clone(&stop), app.api_state().engine);
        let task = runtime.spawn(async move {
            let mut times = 0;
            let rows = if matches!(work, Work::Cases) { some_cases(&engine).await } else { Vec::new() };
            while !stopped.load(Ordering::Relaxed) {
                times += 1;
                match work {
                    Work::Recompute => drop(engine.recompute().await.unwrap()),
                    Work::Cases => {
                        change(&engine, &rows, times as i64).await;
                        engine.publish().await.unwrap();
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
            times
        });
        Self { work, began: Instant::now(), stop, task, runtime: runtime.handle().clone() }
    }

    /// Ends it; what was done, in words.
    pub fn stop(self) -> String {
        self.stop.store(true, Ordering::Relaxed);
        let times = self.runtime.block_on(self.task).unwrap();
        let took = self.began.elapsed().as_secs_f64() / times as f64;
        match self.work {
            Work::Recompute => format!("everything computed {times} times, {took:.2} s each"),
            Work::Cases => format!("{CASES} cases changed {times} times, every {took:.2} s"),
        }
    }
}

async fn some_cases(engine: &Engine) -> Vec<CaseRow> {
    let lake = engine.lake();
    let cases = lake.snapshot(Table::Cases).await.unwrap().read(None).await.unwrap();
    let events = lake.snapshot(Table::CaseEvents).await.unwrap().read(None).await.unwrap();
    let mut rows = read_case_rows(&cases, &events).unwrap();
    rows.sort_by_key(|row| row.record.updated_at);
    rows.split_off(rows.len() - CASES)
}

/// The same cases changed once more.
async fn change(engine: &Engine, rows: &[CaseRow], times: i64) {
    let later = |row: &CaseRow| {
        let mut row = row.clone();
        row.record.updated_at = Vintage::from_micros(row.record.updated_at.micros() + times * 1_000_000);
        row
    };
    let rows: Vec<CaseRow> = rows.iter().map(later).collect();
    let lake = engine.lake();
    lake.append(Table::CaseEvents, vec![case_events_batch(&rows).unwrap()], None).await.unwrap();
    lake.append(Table::Cases, vec![cases_batch(&rows).unwrap()], None).await.unwrap();
    let refreshed = engine.refresh().await.unwrap();
    assert_eq!(refreshed.cases, CASES);
}

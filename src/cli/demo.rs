//! `toancanh demo`: the sample feeds, ingested, computed and served.

use std::process::ExitCode;
use std::time::Instant;

use chrono::DateTime;
use clap::Args;

use super::{Failure, output, serve};
use crate::app::App;
use crate::config::Config;

/// When the demonstration takes place: the day after the sample's last release.
const DEMO_START: &str = "2022-06-30T08:00:00+07:00";

/// Sample feeds -> ./data -> compute -> serve on 127.0.0.1:8022.
#[derive(Debug, Args)]
pub struct Demo {
    /// Stop when everything is ingested and computed, without serving.
    #[arg(long)]
    no_serve: bool,
}

impl Demo {
    /// Ingests what is new in `data-samples`, then serves.
    pub async fn run(self, mut config: Config) -> Result<ExitCode, Failure> {
        if config.clock.fixed.is_none() && config.clock.start.is_none() {
            config.clock.start = DateTime::parse_from_rfc3339(DEMO_START).ok();
        }
        let address = config.server.bind;
        let began = Instant::now();
        let app = App::open_writer(config).await?;
        let feeds = app.feeds()?;
        let mut new = 0;
        app.ingest(&feeds, &[], |report| {
            eprintln!("{}: {}", report.feed, report.words());
            new += report.runs.iter().map(|run| run.rows_new).sum::<i64>();
        })
        .await?;
        output::print_line(&format!(
            "\n{} chỉ tiêu, {} số liệu, {new} giá trị mới trong {:.1} s (số liệu mẫu: xem data-samples/README.md)",
            app.catalog().indicators.len(),
            app.engine().served().cube.cell_count(),
            began.elapsed().as_secs_f64()
        ))?;
        if self.no_serve {
            return Ok(ExitCode::SUCCESS);
        }
        output::print_line(&format!(
            "\n  http://{address}/                                             Toàn cảnh: the pages\n\
             \x20 http://{address}/api/docs                                     the API, to try\n\
             \x20 curl -s {address}/api/v1/indicators                          110 indicators\n\
             \x20 curl -s '{address}/api/v1/indicators/1001/series?freq=A'     retail sales by year\n\
             \x20 curl -s '{address}/api/v1/figures/1001/79/2022-05'           one number explained\n\n\
             Ctrl-C stops."
        ))?;
        serve::serve(&app).await?;
        Ok(ExitCode::SUCCESS)
    }
}

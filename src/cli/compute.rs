//! `toancanh compute [--full]`.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;

/// Compute what changed and write the tables of figures.
#[derive(Debug, Args)]
pub struct Compute {
    /// Rewrite every figure, whether or not its inputs changed.
    #[arg(long)]
    full: bool,
}

impl Compute {
    /// Computes and publishes.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let app = App::open_writer(config).await?;
        let published = if self.full { app.engine().publish_again().await? } else { app.engine().publish().await? };
        let figures = app.engine().served().cube.cell_count();
        output::print_line(&format!(
            "{figures} figures of {} indicators; wrote {} rows of indicator_values and {} of measure_values",
            app.catalog().indicators.len(),
            published.figures,
            published.partials
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

//! `toancanh serve`: the API, and feeds on schedule.

use std::process::ExitCode;

use clap::Args;

use super::Failure;
use crate::app::App;
use crate::config::Config;

/// Serve the API, pull feeds on schedule.
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    /// Serves until the process is asked to stop.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let app = App::open_writer(config).await?;
        serve(&app).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Serves the figures of the lake at once; brings in what an earlier process left and pulls on schedule, until asked to
/// stop.
pub async fn serve(app: &App) -> Result<(), Failure> {
    let feeds = app.feeds()?;
    let listener = app.listen().await?;
    tracing::info!(server.figures = app.engine().served().cube.cell_count(), "serving");
    app.serve(listener, &feeds, asked_to_stop()).await?;
    Ok(())
}

/// Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(error = %error, "SIGTERM cannot be listened to");
            // Ctrl-C still works; its own error would end the server, which is the safe side.
            let _ = interrupt.await;
        }
    }
}

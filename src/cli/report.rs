//! `toancanh report ID --out FILE`: a report as PDF, workbook or picture.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;
use crate::domain::{Period, Vintage};
use crate::error::ErrorCode;
use crate::present::Language;
use crate::report::{Form, Order};

/// A report as PDF, workbook or picture; without an id, the reports there are.
#[derive(Debug, Args)]
pub struct Report {
    /// Which report: monthly-brief.
    id: Option<String>,
    /// Period (2022-05, 2022-Q2, 2022); default the newest that is over.
    #[arg(long)]
    period: Option<Period>,
    /// As known on a day (2022-05-25) or at an instant.
    #[arg(long)]
    as_of: Option<Vintage>,
    /// vi or en.
    #[arg(long, default_value = "vi", value_parser = ["vi", "en"])]
    lang: String,
    /// Where to write it; the ending says how: .pdf, .xlsx or .png.
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    out: Option<PathBuf>,
    /// Page of a picture, from 1.
    #[arg(long, default_value_t = 1)]
    page: usize,
    /// Pixels a picture is wide.
    #[arg(long, default_value_t = 1240)]
    width: u32,
    /// List the reports there are.
    #[arg(long)]
    list: bool,
}

impl Report {
    /// Prints and writes; says what lacks.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let app = App::open_whole(config).await?;
        let (Some(id), Some(out), false) = (&self.id, &self.out, self.list) else { return list(&app) };
        let form = self.form(out)?;
        let language = if self.lang == "en" { Language::En } else { Language::Vi };
        let order = Order { id: id.clone(), period: self.period, as_of: self.as_of, language };
        let ready = app.report(&order).await?;
        let (period, lacks) = (ready.period(), ready.lacks.clone());
        let bytes = app.print(ready, form).await?;
        std::fs::write(out, &*bytes)
            .map_err(|e| Failure::new(ErrorCode::Storage, format!("cannot write \"{}\": {e}", out.display()), None))?;
        output::print_line(&format!("{id} {period}: {}", out.display()))?;
        for finding in lacks {
            output::print_line(&format!("- {}. {}", finding.sentence(), finding.remedy))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn form(&self, out: &std::path::Path) -> Result<Form, Failure> {
        let ending = out.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        match Form::of_ending(&ending) {
            Some(Form::Png { .. }) => Ok(Form::Png { page: self.page.saturating_sub(1), width: self.width }),
            Some(form) => Ok(form),
            None => {
                let hint = "Name a file .pdf, .xlsx or .png.".to_owned();
                let message = format!("\"{}\" is no form of a report", out.display());
                Err(Failure::new(ErrorCode::BadRequest, message, Some(hint)))
            }
        }
    }
}

fn list(app: &App) -> Result<ExitCode, Failure> {
    for (id, report) in app.reports()? {
        let freqs: Vec<&str> = report.freqs.iter().map(|freq| freq.as_str()).collect();
        output::print_line(&format!("{id}\t{}\t{}", freqs.join(","), report.title(Language::Vi)))?;
    }
    Ok(ExitCode::SUCCESS)
}

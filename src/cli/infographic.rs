//! `toancanh infographic ID --out FILE`: one page as PDF, PNG or SVG.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;
use crate::domain::Scope;
use crate::error::ErrorCode;
use crate::present::Language;
use crate::report::infographic::{Draft, PageSize, Picture, Wanted};

/// An infographic as PDF, PNG or SVG: thang, quan, 1022, and what the city declares under dashboards/infographics.
#[derive(Debug, Args)]
pub struct InfographicCommand {
    /// Which.
    id: String,
    /// Where to write it; the ending says how: .pdf, .png or .svg.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The period (2022-05, 2022-Q2, 2022); default the newest month.
    #[arg(long)]
    period: Option<String>,
    /// The district, for an infographic of one.
    #[arg(long)]
    area: Option<String>,
    /// As known on a day (2022-05-25) or at an instant.
    #[arg(long)]
    as_of: Option<String>,
    /// a4, a3, phone or social; default the first it comes in.
    #[arg(long)]
    size: Option<String>,
    /// vi or en.
    #[arg(long)]
    lang: Option<String>,
    /// Pixels of a PNG.
    #[arg(long)]
    width: Option<u32>,
}

fn read<T: std::str::FromStr>(name: &str, text: Option<&String>, like: &str) -> Result<Option<T>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let wrong = || {
        let hint = format!("It is written like {like}.");
        Failure::new(ErrorCode::BadRequest, format!("--{name} \"{text}\" cannot be read"), Some(hint))
    };
    text.parse().map(Some).map_err(|_| wrong())
}

impl InfographicCommand {
    /// Makes and writes it; prints where.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let picture = match self.out.extension().and_then(|ending| ending.to_str()) {
            Some("pdf") => Picture::Pdf,
            Some("png") => Picture::Png(self.width),
            Some("svg") => Picture::Svg,
            _ => {
                let hint = Some("Name a file .pdf, .png or .svg.".to_owned());
                let message = format!("\"{}\" ends in none of .pdf, .png, .svg", self.out.display());
                return Err(Failure::new(ErrorCode::BadRequest, message, hint));
            }
        };
        let size: Option<PageSize> = read("size", self.size.as_ref(), "a4, a3, phone, social")?;
        let wanted = Wanted {
            period: read("period", self.period.as_ref(), "2022-05, 2022-Q2, 2022")?,
            area: self.area.clone(),
            as_of: read("as-of", self.as_of.as_ref(), "2022-05-25")?,
            language: if self.lang.as_deref() == Some("en") { Language::En } else { Language::Vi },
            size,
        };
        let app = App::open_whole(config).await?;
        let (shelf, problems) = app.infographics().current(app.catalog());
        if let Some(problems) = problems {
            return Err(problems.into());
        }
        let draft = Draft::gather(app.engine(), &Scope::all(), Arc::clone(&shelf), &self.id, &wanted).await?;
        let bytes = draft.picture(picture)?;
        std::fs::write(&self.out, bytes).map_err(|e| {
            Failure::new(ErrorCode::Storage, format!("cannot write \"{}\": {e}", self.out.display()), None)
        })?;
        output::print_line(&self.out.display().to_string())?;
        Ok(ExitCode::SUCCESS)
    }
}

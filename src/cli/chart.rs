//! `toancanh chart ID --out FILE`: a chart as SVG or PNG.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;
use crate::domain::Scope;
use crate::error::ErrorCode;
use crate::gallery::{ChartRequest, ChartText, GalleryError, draw};
use crate::web::charts::PictureKind;

/// A chart as SVG or PNG: overdue-heatmap, overdue-ranking, overdue-map, overdue-trend, overdue-multiples, case-backlog,
/// case-flow, case-survival, indicator-CODE, sparkline-CODE, areas-CODE.
#[derive(Debug, Args)]
pub struct Chart {
    /// Which chart.
    id: String,
    /// Where to write it; the ending says how: .svg or .png.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// As known on a day (2022-05-25) or at an instant (2022-05-25T12:00:00+07:00).
    #[arg(long)]
    as_of: Option<String>,
    /// First period, day or instant of the window.
    #[arg(long)]
    from: Option<String>,
    /// Last period, day or instant of the window.
    #[arg(long)]
    to: Option<String>,
    /// Areas, separated by commas.
    #[arg(long)]
    area: Option<String>,
    /// Handling authorities, separated by commas.
    #[arg(long)]
    org: Option<String>,
    /// Categories, separated by commas.
    #[arg(long)]
    category: Option<String>,
    /// Channels, separated by commas.
    #[arg(long)]
    channel: Option<String>,
    /// effective or original.
    #[arg(long)]
    basis: Option<String>,
    /// Rows of the heatmap: district, ward or org.
    #[arg(long)]
    rows: Option<String>,
    /// Columns of the heatmap: category, channel, week or month.
    #[arg(long)]
    columns: Option<String>,
    /// Units of rankings, backlog and survival; day, week or month of the flow; bars or map of areas.
    #[arg(long)]
    by: Option<String>,
    /// Frequency of an indicator: M, Q or A.
    #[arg(long)]
    freq: Option<String>,
    /// Last period of an indicator's chart.
    #[arg(long)]
    period: Option<String>,
    /// vi or en.
    #[arg(long)]
    lang: Option<String>,
    /// Pixels.
    #[arg(long)]
    width: Option<String>,
    /// Pixels; default what the content needs.
    #[arg(long)]
    height: Option<String>,
    /// Device pixels per pixel of a PNG.
    #[arg(long)]
    scale: Option<String>,
}

impl Chart {
    /// Draws and writes; prints the title.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let Chart { id, out, .. } = self;
        let text = ChartText {
            as_of: self.as_of,
            from: self.from,
            to: self.to,
            area: self.area,
            org: self.org,
            category: self.category,
            channel: self.channel,
            feed: None,
            basis: self.basis,
            rows: self.rows,
            columns: self.columns,
            by: self.by,
            freq: self.freq,
            period: self.period,
            lang: self.lang,
            width: self.width,
            height: self.height,
            scale: self.scale,
        };
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (_, kind) = PictureKind::split(&name)
            .map_err(|p| Failure::new(ErrorCode::BadRequest, p.detail, Some("Name a file .svg or .png.".to_owned())))?;
        let app = App::open_reader(config).await?;
        let request = ChartRequest::read(&id, &text, app.catalog())?;
        let drawn = draw(app.engine(), &Scope::all(), &request).await?;
        let bytes = kind.encode(&drawn, &request).map_err(GalleryError::from)?;
        std::fs::write(&out, bytes)
            .map_err(|e| Failure::new(ErrorCode::Storage, format!("cannot write \"{}\": {e}", out.display()), None))?;
        output::print_line(&drawn.chart.frame().title)?;
        Ok(ExitCode::SUCCESS)
    }
}

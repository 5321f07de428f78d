//! `toancanh series CODE`: values of one indicator, in words a department reads.

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{Failure, output};
use crate::analytics::growth::{Growth, growth};
use crate::app::App;
use crate::catalog::Catalog;
use crate::compute::{Series as Answer, SeriesQuery};
use crate::config::Config;
use crate::cube::Cell;
use crate::domain::text::{format_vi, period_vi};
use crate::domain::{Freq, Indicator, ObsStatus, Period, Scope, Vintage};
use crate::web::api::query::to_json;
use crate::web::api::series::{body, encode_series, level};
use crate::web::encode::Format;

/// Values of one indicator.
#[derive(Debug, Args)]
pub struct Series {
    /// Indicator code, four digits.
    code: String,
    /// Area codes, separated by commas; default the whole city.
    #[arg(long, value_delimiter = ',')]
    area: Vec<String>,
    /// All areas of a level: district or ward.
    #[arg(long)]
    level: Option<String>,
    /// Authority; default all.
    #[arg(long)]
    org: Option<String>,
    /// `dimension=member`, or a dimension for all its members.
    #[arg(long)]
    breakdown: Option<String>,
    /// M, Q or A; default the indicator's base frequency.
    #[arg(long)]
    freq: Option<Freq>,
    /// First period (2021, 2021-Q3, 2021-07).
    #[arg(long)]
    from: Option<Period>,
    /// Last period.
    #[arg(long)]
    to: Option<Period>,
    /// As known on a day (2021-12-31) or at an instant.
    #[arg(long)]
    as_of: Option<Vintage>,
    /// On the areas existing on a day.
    #[arg(long)]
    areas_of: Option<NaiveDate>,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    format: SeriesFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SeriesFormat {
    Table,
    Csv,
    Json,
}

impl Series {
    /// Asks and prints.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let level = level(self.level.as_deref())
            .map_err(|p| Failure::new(crate::error::ErrorCode::BadRequest, p.detail, p.hint))?;
        let question = SeriesQuery {
            indicator: self.code,
            areas: self.area,
            level,
            org: self.org,
            breakdown: self.breakdown,
            freq: self.freq,
            from: self.from,
            to: self.to,
            as_of: self.as_of,
            areas_of: self.areas_of,
        };
        let app = App::open_reader(config).await?;
        let answer = app.engine().series(&question, &Scope::all()).await?;
        let catalog = app.catalog();
        match self.format {
            SeriesFormat::Table => output::print_line(&for_reading(catalog, &answer, self.as_of))?,
            SeriesFormat::Json => {
                output::print_bytes(&to_json(&body(catalog, &answer, self.as_of.map(|v| v.to_string()))))?;
            }
            SeriesFormat::Csv => {
                let bytes = encode_series(catalog, &answer, Format::Csv)
                    .map_err(|p| Failure::new(crate::error::ErrorCode::Internal, p.detail, p.hint))?;
                output::print_bytes(&bytes)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn for_reading(catalog: &Catalog, answer: &Answer, as_of: Option<Vintage>) -> String {
    let indicator = &catalog.indicators[&answer.indicator];
    let unit = catalog.unit_of(indicator);
    let owner = catalog.org_units.iter().find(|o| o.code == indicator.owner);
    let many_areas = answer.cells.windows(2).any(|w| w[0].area != w[1].area);
    let many_parts = answer.cells.windows(2).any(|w| w[0].breakdown != w[1].breakdown);
    let mut headers = vec!["Kỳ", "Giá trị", "So kỳ trước", "So cùng kỳ", "Luỹ kế", "Kế hoạch", "Tình trạng", "Biết từ"];
    let mut right = vec![1, 2, 3, 4, 5];
    for (shown, title) in [(many_parts, "Phân tổ"), (many_areas, "Địa bàn")] {
        if shown {
            headers.insert(0, title);
            right.iter_mut().for_each(|i| *i += 1);
        }
    }
    let rows = answer.cells.iter().map(|cell| {
        let mut row = row(indicator, unit.rate, cell);
        if many_parts {
            row.insert(0, cell.breakdown.to_string());
        }
        if many_areas {
            row.insert(0, area_name(catalog, cell));
        }
        row
    });
    let table = if answer.cells.is_empty() {
        "(không có số liệu cho kỳ và địa bàn này)".to_owned()
    } else {
        output::table(&headers, &right, rows.collect())
    };
    let known = as_of.map(|v| format!(" · theo số liệu biết đến {v}")).unwrap_or_default();
    let area = answer.cells.first().filter(|_| !many_areas).map(|c| format!(" · {}", area_name(catalog, c)));
    format!(
        "{} {} ({}){}\n{table}\nNguồn: {}{known} · phiên bản dữ liệu {}",
        indicator.code,
        indicator.name_vi,
        unit.label_vi,
        area.unwrap_or_default(),
        owner.map_or(indicator.owner.as_str(), |o| o.name_vi.as_str()),
        answer.version,
    )
}

fn area_name(catalog: &Catalog, cell: &Cell) -> String {
    catalog
        .areas
        .at(&cell.area, cell.period)
        .map_or_else(|| cell.area.to_string(), |ix| catalog.areas.area(ix).name.clone())
}

fn row(indicator: &Indicator, rate: bool, cell: &Cell) -> Vec<String> {
    let number = |value: Option<f64>| value.map(|v| format_vi(v, indicator.decimals.into())).unwrap_or_default();
    let change = |base: Option<f64>| match base.map(|base| growth(cell.value, base, rate)) {
        None => String::new(),
        Some(None) => "n/a".to_owned(),
        Some(Some(Growth::Percent(p))) => format!("{}{} %", sign(p), format_vi(p.abs(), 2)),
        Some(Some(Growth::Points(p))) => format!("{}{} điểm", sign(p), format_vi(p.abs(), 2)),
    };
    vec![
        period_vi(cell.period),
        number(Some(cell.value)),
        change(cell.prev_value),
        change(cell.yoy_value),
        number(cell.ytd_value),
        number(cell.target_value),
        state(cell),
        cell.vintage.local_date().map(|d| d.format("%d/%m/%Y").to_string()).unwrap_or_default(),
    ]
}

fn sign(value: f64) -> &'static str {
    if value < 0.0 { "−" } else { "+" }
}

/// How sure the figure is, in words.
fn state(cell: &Cell) -> String {
    let mut words = vec![
        match cell.status {
            ObsStatus::A => "chính thức",
            ObsStatus::B => "chính thức, đứt chuỗi",
            ObsStatus::P => "sơ bộ",
            ObsStatus::E => "ước tính",
            ObsStatus::F => "dự báo",
            ObsStatus::M => "thiếu",
        }
        .to_owned(),
    ];
    if cell.periods_present < cell.periods_due {
        let kind = if cell.periods_due <= 4 && cell.period.freq() == Freq::A { "quý" } else { "tháng" };
        words.push(format!("mới có {}/{} {kind}", cell.periods_present, cell.periods_due));
    }
    if cell.areas_present < cell.areas_due {
        let kind = if cell.in_days { "ngày" } else { "đơn vị" };
        words.push(format!("{}/{} {kind}", cell.areas_present, cell.areas_due));
    }
    if cell.carried > 0 {
        words.push(format!("mẫu số cũ {} kỳ", cell.carried));
    }
    if cell.apportioned {
        words.push("phân bổ theo tỷ lệ".to_owned());
    }
    words.join(", ")
}

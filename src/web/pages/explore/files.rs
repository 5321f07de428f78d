//! The explorer's files: what the table shows as workbook, delimited text, JSON-stat, Parquet; its charts as images.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::choice::{Chosen, Line, Selection};
use super::drawing;
use crate::cube::Cell;
use crate::domain::{ObsStatus, Vintage};
use crate::present::{Language, instant, label_of, pick, status_word, unit_label};
use crate::web::api::query::{Versioned, to_json};
use crate::web::encode::{Board, BoardCell, BoardColumn, Format, Labelled, board, encode_table, json_stat, sdmx_csv};
use crate::web::pages::problem::PageProblem;
use crate::web::pages::reading::Reading;
use crate::web::pages::view::{Asked, View};
use crate::web::problem::Problem;
use crate::web::rows::cells_batch;
use crate::web::state::ApiState;

/// Endings of the figures' files, as they are offered.
static ENDINGS: [(&str, &str, Format); 5] = [
    ("XLSX", "xlsx", Format::Xlsx),
    ("CSV", "csv", Format::Csv),
    ("JSON-stat", "json", Format::JsonStat),
    ("Parquet", "parquet", Format::Parquet),
    ("SDMX-CSV", "sdmx.csv", Format::SdmxCsv),
];

/// The address of a file in this state.
pub fn address(name: &str, ending: &str, query: &str) -> String {
    if query.is_empty() { format!("/explore/{name}.{ending}") } else { format!("/explore/{name}.{ending}?{query}") }
}

/// The files of the figures in this state.
pub fn links(query: &str) -> Vec<(&'static str, String)> {
    ENDINGS.map(|(label, ending, _)| (label, address("data", ending, query))).to_vec()
}

/// `/explore/{file}`: `data.xlsx`, `data.csv`, ... hold what the table shows, `chart.svg` and `chart.png` are the chart.
pub async fn file(
    Held(state): Held<ApiState>,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    match file.as_str() {
        "chart.svg" => return drawing::image(&state, &asked, &uri, &headers, "image/svg+xml").await,
        "chart.png" => return drawing::image(&state, &asked, &uri, &headers, "image/png").await,
        _ => {}
    }
    let format = file.strip_prefix("data.").and_then(|e| ENDINGS.iter().find(|(_, ending, _)| *ending == e));
    let Some((_, _, format)) = format else {
        let query = uri.query().unwrap_or_default();
        let ways = links(query).into_iter().map(|(label, url)| (label.to_owned(), url)).collect();
        return Err(PageProblem::unknown(asked.language(), pick(asked.language(), "tệp", "file"), &file, ways));
    };
    let view = View::read(&asked, &state).await?;
    data(&state, &view, &uri, &headers, *format)
}

fn data(
    state: &ApiState,
    view: &View,
    uri: &Uri,
    headers: &HeaderMap,
    format: Format,
) -> Result<Response, PageProblem> {
    let chosen = Chosen::read(uri, view.language)?;
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let selection = Selection::find(&reading, view, &chosen, &state.scope)?;
    let mut codes: Vec<&str> = selection.lines.iter().map(|l| l.indicator.code.as_str()).collect();
    codes.dedup();
    codes.truncate(4);
    let name = format!("{}-{}", codes.join("-"), selection.freq);
    let etag = Versioned::etag(&view.served.version, format);
    let dressed = Versioned { etag, format, name: &name };
    let written = dressed.respond(headers, || Figures { reading, view, selection: &selection }.write(format));
    Ok(written.unwrap_or_else(Problem::into_response))
}

/// The figures of a selection, about to be written.
struct Figures<'a> {
    reading: Reading<'a>,
    view: &'a View,
    selection: &'a Selection<'a>,
}

impl<'a> Figures<'a> {
    fn write(&self, format: Format) -> Result<Vec<u8>, Problem> {
        let rows = self.rows();
        match format {
            Format::JsonStat => {
                let newest = rows.iter().map(|r| r.cell.vintage).max().map(|v| v.to_string()).unwrap_or_default();
                let mut dataset = json_stat(&self.title(), "Toàn Cảnh", &newest, &rows);
                dataset["extension"] = json!({ "as_of": self.view.as_of, "data_version": self.view.served.version });
                Ok(to_json(&dataset))
            }
            Format::SdmxCsv => Ok(sdmx_csv(&rows)?),
            Format::Xlsx => Ok(board(&self.board(&rows), &self.batch(&rows))?),
            Format::Json | Format::Csv | Format::Arrow | Format::Parquet => {
                let batch = self.batch(&rows);
                Ok(encode_table(&batch.schema(), &[batch], format, "explore")?)
            }
        }
    }

    /// Every figure that the table shows, line by line.
    fn rows(&self) -> Vec<Labelled<'a>> {
        let of = |line: &'a Line<'a>| self.selection.figures(line).map(move |cell| (line, cell));
        self.selection.lines.iter().flat_map(of).map(|(line, cell)| self.labelled(line, cell)).collect()
    }

    fn labelled(&self, line: &'a Line<'a>, cell: &'a Cell) -> Labelled<'a> {
        let unit = self.reading.catalog.unit_of(line.indicator);
        Labelled {
            indicator: &line.indicator.code,
            indicator_label: self.reading.name(line.indicator),
            area_label: line.area_name,
            breakdown_label: pick(self.view.language, "Tổng số", "Total").to_owned(),
            unit: &unit.code,
            unit_label: unit_label(unit, self.view.language),
            decimals: line.indicator.decimals,
            cell,
        }
    }

    /// One row per figure with its variants, coverage and vintage, and of which state of the data it is.
    fn batch(&self, rows: &[Labelled<'_>]) -> RecordBatch {
        let batch = cells_batch(rows);
        let everywhere = |text: Option<&str>| -> ArrayRef { Arc::new(StringArray::from(vec![text; rows.len()])) };
        let added = [
            ("as_of", everywhere(self.view.as_of.as_deref())),
            ("data_version", everywhere(Some(&self.view.served.version))),
        ];
        let mut fields: Vec<Field> = batch.schema().fields().iter().map(|f| f.as_ref().clone()).collect();
        let mut columns = batch.columns().to_vec();
        for (name, column) in added {
            fields.push(Field::new(name, column.data_type().clone(), true));
            columns.push(column);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("all columns have one value per row")
    }

    fn title(&self) -> String {
        let language = self.view.language;
        let mut names: Vec<&str> = self.selection.lines.iter().map(|l| self.reading.name(l.indicator)).collect();
        names.dedup();
        let (first, last) = (self.selection.periods[0], self.selection.periods[self.selection.periods.len() - 1]);
        format!("{}, {} – {}", names.join("; "), label_of(first, language), label_of(last, language))
    }

    /// The table as it is read: newest period first, as on the page.
    fn board(&self, rows: &[Labelled<'_>]) -> Board {
        let (language, selection) = (self.view.language, self.selection);
        let cell = |line: &Line<'_>, period| line.at(period).map(|c| BoardCell { value: c.value, mark: mark(c) });
        let table = selection.periods.iter().rev().map(|period| {
            let cells: Vec<_> = selection.lines.iter().map(|line| cell(line, *period)).collect();
            (label_of(*period, language), cells)
        });
        let column = |line: &Line<'_>| BoardColumn {
            name: format!("{} {}\n{}", line.indicator.code, self.reading.name(line.indicator), line.area_name),
            unit: unit_label(self.reading.catalog.unit_of(line.indicator), language).to_owned(),
            decimals: line.indicator.decimals,
        };
        let newest = rows.iter().map(|r| r.cell.vintage).max();
        Board {
            sheet: pick(language, "Bảng", "Table").to_owned(),
            detail_sheet: pick(language, "Chi tiết", "Details").to_owned(),
            title: self.title(),
            about: self.about(newest),
            heading: pick(language, "Kỳ", "Period").to_owned(),
            unit_heading: pick(language, "Đơn vị tính", "Unit").to_owned(),
            columns: selection.lines.iter().map(column).collect(),
            rows: table.filter(|(_, cells)| cells.iter().any(Option::is_some)).collect(),
            notes: notes(rows, language),
            day: newest.and_then(Vintage::local_date).map(|day| day.to_string()),
        }
    }

    fn about(&self, newest: Option<Vintage>) -> Vec<String> {
        let (language, version) = (self.view.language, &self.view.served.version);
        let mut about = Vec::new();
        about.extend(self.view.as_of.as_ref().map(|day| match language {
            Language::Vi => format!("Theo số liệu biết đến ngày {day}"),
            Language::En => format!("As known on {day}"),
        }));
        about.extend(newest.map(|at| match language {
            Language::Vi => format!("Số liệu mới nhất công bố lúc {}", instant(at, language)),
            Language::En => format!("Newest figures published {}", instant(at, language)),
        }));
        about.push(format!("{} {version}", pick(language, "Toàn Cảnh, phiên bản dữ liệu", "Toàn Cảnh, data version")));
        about
    }
}

/// What stands behind a figure that is not final: the letter of its status, a star where something is missing.
fn mark(cell: &Cell) -> String {
    let letter = match cell.status {
        ObsStatus::A => "",
        ObsStatus::B => "b",
        ObsStatus::P => "p",
        ObsStatus::E => "e",
        ObsStatus::F => "f",
        ObsStatus::M => "m",
    };
    format!("{letter}{}", if cell.complete { "" } else { "*" })
}

/// Footnotes to the marks that occur.
fn notes(rows: &[Labelled<'_>], language: Language) -> Vec<String> {
    let marks: BTreeSet<String> = rows.iter().map(|r| mark(r.cell)).collect();
    let mut notes: Vec<String> = [ObsStatus::B, ObsStatus::P, ObsStatus::E, ObsStatus::F]
        .into_iter()
        .map(|status| (status.as_str().to_lowercase(), status_word(status, language)))
        .filter(|(letter, _)| marks.iter().any(|mark| mark.starts_with(letter.as_str())))
        .map(|(letter, word)| format!("{letter}: {word}"))
        .collect();
    if marks.iter().any(|mark| mark.ends_with('*')) {
        let words = pick(
            language,
            "*: chưa đủ kỳ hoặc địa bàn; trang “Chi tiết” ghi số có và số cần có",
            "*: periods or areas are missing; sheet “Details” has how many are there and due",
        );
        notes.push(words.to_owned());
    }
    let empty = pick(
        language,
        "Ô trống: không có số liệu. Mọi con số ở trang “Chi tiết”, kèm cùng kỳ, luỹ kế, kế hoạch và ngày công bố.",
        "Empty: no figure. Sheet “Details” has every figure with last year, year to date, plan and when it was published.",
    );
    notes.push(empty.to_owned());
    notes
}

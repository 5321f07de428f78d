//! Every format of every route says the same thing.

use std::io::Cursor;

use axum::http::{Method, StatusCode};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use toancanh::format::grid::CellValue;

use crate::harness::city;

const SERIES: &str = "/indicators/1001/series?freq=A";

fn values_as_json() -> Vec<f64> {
    let json = city().json(SERIES);
    json["observations"].as_array().unwrap().iter().map(|o| o["value"].as_f64().unwrap()).collect()
}

#[test]
fn csv_and_sdmx_csv_hold_the_values_of_the_json() {
    for (format, column) in [("csv", "value"), ("sdmx-csv", "OBS_VALUE")] {
        let answer = city().get(&format!("{SERIES}&format={format}"));
        let mut reader = csv::Reader::from_reader(Cursor::new(answer.body));
        let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
        let values: Vec<f64> = reader.records().map(|r| r.unwrap()[at].parse().unwrap()).collect();
        assert_eq!(values, values_as_json(), "{format}");
    }
}

#[test]
fn our_own_reader_reads_our_json_stat() {
    let answer = city().get(&format!("{SERIES}&format=json-stat"));
    assert_eq!(answer.header("content-type"), "application/vnd.json-stat+json; version=2.0");
    let tidy = toancanh::format::read_any(&answer.body, "series.json").unwrap();
    let values: Vec<f64> = tidy.rows.iter().filter_map(|r| r.value).collect();
    assert_eq!(values, values_as_json());
}

#[test]
fn parquet_arrow_and_xlsx_open() {
    let parquet = city().get(&format!("{SERIES}&format=parquet")).body;
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes_of(parquet)).unwrap().build().unwrap();
    let rows: usize = reader.map(|b| b.unwrap().num_rows()).sum();
    assert_eq!(rows, values_as_json().len());
    let stream = city().get(&format!("{SERIES}&format=arrow")).body;
    let reader = arrow::ipc::reader::StreamReader::try_new(Cursor::new(stream), None).unwrap();
    assert_eq!(reader.map(|b| b.unwrap().num_rows()).sum::<usize>(), rows);
    let workbook = city().get(&format!("{SERIES}&format=xlsx")).body;
    let workbook = toancanh::format::read_workbook(&workbook).unwrap();
    let published = CellValue::Number(822_592.0);
    assert!(workbook.grids[0].cells().iter().any(|(_, value)| *value == published), "the sheet holds the figure");
}

fn bytes_of(body: Vec<u8>) -> axum::body::Bytes {
    axum::body::Bytes::from(body)
}

#[test]
fn accept_chooses_the_format() {
    let answer = city().request(Method::GET, &format!("/api/v1{SERIES}"), &[("accept", "text/csv")], "");
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").contains("1001-A.csv"));
}

#[test]
fn sql_answers_and_refuses() {
    let rows = city().sql(
        "SELECT period, value FROM indicator_values WHERE indicator_code = '1001' AND freq = 'A' AND area_code = '79' \
         AND breakdown = '_T' ORDER BY period",
    );
    let values: Vec<f64> = rows.iter().map(|r| r["value"].as_f64().unwrap()).collect();
    assert_eq!(values, values_as_json());
    for sql in ["DROP TABLE observations", "COPY observations TO '/tmp/x.csv'", "SELECT * FROM '/etc/passwd'"] {
        let body = serde_json::json!({ "sql": sql }).to_string();
        let answer = city().request(Method::POST, "/api/v1/sql", &[("content-type", "application/json")], &body);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{sql}");
    }
}

#[test]
fn sql_sees_the_citys_time() {
    let rows = city().sql(
        "SELECT DISTINCT to_char(vintage, '%H:%M') AS at FROM observations WHERE measure_code = 'retail_total' \
         AND period = '2022-05' ORDER BY at",
    );
    assert!(!rows.is_empty() && rows.iter().all(|r| r["at"] != "17:00"), "local, not UTC: {rows:?}");
}

#[test]
fn the_openapi_document_is_the_committed_one() {
    let served = city().json("/openapi.json");
    assert_eq!(served["openapi"], "3.1.0");
    let path = crate::harness::root().join("docs/openapi.json");
    let text = serde_json::to_string_pretty(&served).unwrap() + "\n";
    if std::env::var_os("TOANCANH_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "the API changed: run the tests once with TOANCANH_UPDATE_GOLDEN=1 and review docs/openapi.json"
    );
}

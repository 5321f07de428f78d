//! Telling formats apart, and reading whatever comes.

use super::*;
use crate::domain::ObsStatus;
use proptest::prelude::*;

fn refuse(bytes: &[u8], name: &str) -> String {
    read_any(bytes, name).unwrap_err().to_string()
}

#[test]
fn content_decides_before_the_name() {
    let px = br#"CHARSET="ANSI";STUB="y";VALUES("y")="2021";DATA=1;"#;
    let jsonstat =
        br#"{"class":"dataset","id":["y"],"size":[1],"dimension":{"y":{"category":{"index":["2021"]}}},"value":[1]}"#;
    let ml = br#"<GenericData><Header/><DataSet><Obs TIME_PERIOD="2021" OBS_VALUE="1"/></DataSet></GenericData>"#;
    let v1 = br#"{"title":"T","variables":[{"code":"y","text":"y","values":["2021"],"time":true}]}"#;
    for bytes in [&px[..], jsonstat, ml, b"DATAFLOW,TIME_PERIOD,OBS_VALUE\nf,2021,1\n", b"year;x\n2021;1\n", v1] {
        let tidy = read_any(bytes, "data.bin").unwrap();
        assert_eq!(tidy.rows.len(), 1);
        assert_eq!(tidy.rows[0].period.unwrap().to_string(), "2021");
    }
}

#[test]
fn says_what_a_foreign_file_is() {
    let cases: [(&[u8], &str, &str); 8] = [
        (b"", "x.px", "an empty file"),
        (b"%PDF-1.4", "x.pdf", "a PDF document"),
        (b"<!DOCTYPE html><html>", "x.px", "a web page"),
        (b"openapi: \"3.0.2\"\ninfo:\n", "x.yml", "an OpenAPI description of a service"),
        (br#"{"swagger": "2.0"}"#, "x.json", "an OpenAPI description of a service"),
        (br#"{"$schema": "s", "definitions": {}}"#, "x.json", "a JSON schema"),
        (br#"[{"a": 1}]"#, "x.json", "a JSON list of records"),
        (br#"{"a": 1}"#, "x.json", "a JSON text"),
    ];
    for (bytes, name, what) in cases {
        assert_eq!(refuse(bytes, name), format!("file: the beginning: {what}, not statistical data"));
    }
}

#[test]
fn texts_of_before_unicode_are_noticed() {
    let tidy = read_any("quận;số\nThaønh phoá;1\nHaø Noäi;2\n".as_bytes(), "x.csv").unwrap();
    let note = "\"Thaønh phoá\" is typed for VNI (VNI-Times) fonts, not in Unicode";
    assert!(tidy.notes.iter().any(|n| n == note), "{:?}", tidy.notes);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), name in "[a-z]{1,3}\\.(px|csv|json|xml|xls)") {
        let _ = read_any(&bytes, &name);
    }
}

/// What an independent program counted in a file of `../shared/data`: rows, missing values, sum of the values.
struct Expected {
    file: &'static str,
    rows: usize,
    missing: usize,
    sum: f64,
}

const fn expected(file: &'static str, rows: usize, missing: usize, sum: f64) -> Expected {
    Expected { file, rows, missing, sum }
}

/// Counted with a Python script of regular expressions, ElementTree and json, which shares nothing with these readers.
const REAL_FILES: [Expected; 12] = [
    expected("px/BE0101A1.px", 33_936, 0, 18_059_144.0),
    expected("px/BEXSTA_windows_1252.px", 7_200, 0, 452_872.0),
    expected("px/TIMEVAL_long.px", 24, 0, 5_346.0),
    expected("px/TUX01.px", 396, 0, 1_437_408.0),
    expected("px/example.px", 10_488, 0, 762_064.0),
    expected("gso/jsonstat/E02.01.json", 2_940, 0, 18_376_848.425_825_81),
    expected("gso/jsonstat/E02.03-07.json", 10_650, 288, 23_399_502.570_105_05),
    expected("jsonstat/galicia-2.0.json", 3_960, 4, 87_493_659.0),
    expected("jsonstat/www.cso.ie_cso_ie-NQQ25.json", 1_216, 0, 12_665_486.0),
    expected("gso/sdmx/CPIVNM.xml", 1_683, 0, 106_069.446_805_503_51),
    expected("gso/sdmx/IIPVNM.xml", 470, 0, 64_626.63),
    expected("gso/sdmx/POPVNM.xml", 165, 0, 5_597_365.153_052_25),
];

/// The bytes of a file of `../shared/data`; `None` where the folder is not there.
fn shared(file: &str) -> Option<Vec<u8>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
    path.exists().then(|| std::fs::read(&path).unwrap())
}

#[test]
fn real_files_have_the_cells_that_others_count() {
    for expected in REAL_FILES {
        let Some(bytes) = shared(expected.file) else { return };
        let tidy = read_any(&bytes, expected.file).unwrap();
        assert_eq!(tidy.rows.len(), expected.rows, "{}", expected.file);
        let missing = tidy.rows.iter().filter(|r| r.value.is_none()).count();
        assert_eq!(missing, expected.missing, "{}", expected.file);
        assert_eq!(tidy.rows.iter().filter(|r| r.status == ObsStatus::M).count(), missing, "{}", expected.file);
        let sum: f64 = tidy.rows.iter().filter_map(|r| r.value).sum();
        assert!((sum - expected.sum).abs() <= 1e-9 * expected.sum, "{}: {sum}", expected.file);
        let timed = tidy.rows.iter().filter(|r| r.period.is_some()).count();
        let has_time = expected.file != "px/example.px";
        assert_eq!(timed, if has_time { expected.rows } else { 0 }, "{}", expected.file);
    }
}

#[test]
fn broken_real_files_are_refused_with_place_and_reason() {
    let cases = [
        (
            "px/BE0101F1errorTimeval.px",
            "PC-Axis: line 23: TIMEVAL(\"period\") lists 2 time points, but VALUES(\"period\") lists 1",
        ),
        ("px/BE0101F1missingData.px", "PC-Axis: line 81: the keyword DATA is missing"),
        ("pxwebapi/03024_metadata-jsonstat.json", "JSON: line 111, column 10: not JSON: key must be a string"),
        ("pxwebapi/PxAPI-2.yml", "file: the beginning: an OpenAPI description of a service, not statistical data"),
        ("pxwebapi/PxApi-2.0.json", "file: the beginning: a JSON schema, not statistical data"),
        (
            "cases/georeport-v2-swagger.json",
            "file: the beginning: an OpenAPI description of a service, not statistical data",
        ),
    ];
    for (file, message) in cases {
        let Some(bytes) = shared(file) else { return };
        assert_eq!(refuse(&bytes, file), message);
    }
}

#[test]
fn real_metadata_shows_its_structure() {
    let Some(bytes) = shared("pxwebapi/table-metadata-example-jsonstat.json") else { return };
    let tidy = read_any(&bytes, "m.json").unwrap();
    assert_eq!(tidy.rows.len(), 312 + 4 + 1 + 2 + 2 + 1);
    assert_eq!(tidy.rows[1].members, ["Region", "01", "Stockholms län"]);
}

#[test]
fn real_workbooks_have_the_cells_that_others_count() {
    // Sheets, cells and merged ranges as openpyxl and xlrd count them.
    let cases = [
        ("gso/xlsx/2014-06-27-Bieu-6-2014-2.xls", 23, 3_528, 50),
        ("gso/xlsx/2023-03-29-02-Bieu-T3.2023-3.xlsx", 34, 4_268, 48),
        ("gso/xlsx/2024-05-29-02-Bieu-so-lieu-T5.2024-1.xlsx", 19, 3_138, 35),
    ];
    for (file, sheets, cells, merged) in cases {
        let Some(bytes) = shared(file) else { return };
        let book = read_workbook(&bytes).unwrap();
        let counted: usize = book.grids.iter().map(|g| g.cells().len()).sum();
        let ranges: usize = book.grids.iter().map(|g| g.merged().len()).sum();
        assert_eq!((book.grids.len(), counted, ranges), (sheets, cells, merged), "{file}");
        let tidy = read_any(&bytes, file).unwrap();
        assert!(tidy.rows.len() > cells / 4, "{file}: {}", tidy.rows.len());
    }
}

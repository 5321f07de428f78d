//! JSON-stat files: small ones by hand, real ones against counts that other programs made.

use super::*;
use crate::domain::ObsStatus;
use proptest::prelude::*;

const VERSION_2: &str = r#"{
  "version": "2.0", "class": "dataset", "label": "Lao động", "updated": "2022-05-29T02:00:00Z",
  "id": ["area", "time", "measure"], "size": [2, 2, 1],
  "role": {"time": ["time"], "metric": ["measure"]},
  "dimension": {
    "area": {"label": "Khu vực", "category": {"index": {"79": 1, "01": 0}, "label": {"79": "TP.HCM", "01": "Hà Nội"}}},
    "time": {"category": {"index": ["2022M04", "2022M05"]}},
    "measure": {"category": {"label": {"W": "Việc làm"}, "unit": {"W": {"base": "người", "decimals": 0}}}}
  },
  "value": [1, 2.5, null, 4],
  "status": {"1": "p", "3": "c"}
}"#;

fn read(text: &str) -> Tidy {
    read_jsonstat(text.as_bytes()).unwrap()
}

fn refuse(text: &str) -> String {
    read_jsonstat(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn reads_version_2() {
    let tidy = read(VERSION_2);
    assert_eq!(tidy.title.as_deref(), Some("Lao động"));
    assert_eq!(tidy.updated.as_deref(), Some("2022-05-29T02:00:00Z"));
    assert_eq!(tidy.unit.as_deref(), Some("người"));
    assert_eq!(tidy.dimensions[0].members.keys().collect::<Vec<_>>(), ["01", "79"]);
    let rows: Vec<_> = tidy.rows.iter().map(|r| (r.members.join("+"), r.time.as_str(), r.value, r.status)).collect();
    assert_eq!(
        rows,
        [
            ("01+W".to_owned(), "2022M04", Some(1.0), ObsStatus::A),
            ("01+W".to_owned(), "2022M05", Some(2.5), ObsStatus::P),
            ("79+W".to_owned(), "2022M04", None, ObsStatus::M),
            ("79+W".to_owned(), "2022M05", Some(4.0), ObsStatus::A),
        ]
    );
    assert_eq!(tidy.rows[1].period.unwrap().to_string(), "2022-05");
    assert_eq!(tidy.rows[2].at, "value[2]");
    assert_eq!(tidy.notes, ["status \"c\" is read as normal"]);
}

#[test]
fn reads_sparse_values_and_one_status_for_all() {
    let text = VERSION_2.replace("[1, 2.5, null, 4]", r#"{"3": 4, "0": "1.5"}"#);
    let text = text.replace(r#"{"1": "p", "3": "c"}"#, "\"e\"");
    let cells: Vec<_> = read(&text).rows.iter().map(|r| (r.value, r.status)).collect();
    let missing = (None, ObsStatus::M);
    assert_eq!(cells, [(Some(1.5), ObsStatus::E), missing, missing, (Some(4.0), ObsStatus::E)]);
}

#[test]
fn reads_version_1_as_gso_answers_it() {
    let text = "{\"dataset\":{\"dimension\":{\"Năm\":{\"label\":\"Năm\",\"category\":{\"index\":{\"0\":0,\"1\":1},\
        \"label\":{\"0\":\"2020\",\"1\":\"2021\"}}},\"id\":[\"Năm\"],\"size\":[2],\"role\":{}},\
        \"updated\":\"9999-12-31T16:59:59Z\",\"value\":[9.5,null],\"status\":{\"1\":null}}}\0";
    let tidy = read(text);
    let rows: Vec<_> = tidy.rows.iter().map(|r| (r.time.as_str(), r.value, r.status)).collect();
    assert_eq!(rows, [("2020", Some(9.5), ObsStatus::A), ("2021", None, ObsStatus::M)]);
    assert_eq!(tidy.updated, None);
    let notes = ["a NUL byte after the end", "updated is 9999-12-31T16:59:59Z, which is no date; left out"];
    assert_eq!(tidy.notes, notes);
}

#[test]
fn stacks_a_bundle() {
    let text = r#"{
      "a": {"label": "A", "dimension": {"id": ["x"], "size": [1], "x": {"category": {"label": {"p": "P"}}}}, "value": [1]},
      "b": {"dimension": {"id": ["y"], "size": [1], "y": {"category": {"index": ["q"]}}}, "value": [2]}
    }"#;
    let tidy = read(text);
    assert_eq!(tidy.dimensions.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["dataset", "x", "y"]);
    assert_eq!(tidy.rows[0].members, ["a", "p", "_Z"]);
    assert_eq!(tidy.rows[1].members, ["b", "_Z", "q"]);
    assert_eq!(tidy.rows[1].at, "b.value[0]");
}

#[test]
fn metadata_shows_the_structure() {
    let text = VERSION_2.replace("[1, 2.5, null, 4]", "{} /* nothing here */");
    let tidy = read(&text);
    let rows: Vec<_> = tidy.rows.iter().map(|r| r.members.join("|")).collect();
    assert_eq!(
        rows,
        ["area|01|Hà Nội", "area|79|TP.HCM", "time|2022M04|2022M04", "time|2022M05|2022M05", "measure|W|Việc làm"]
    );
    assert!(tidy.rows.iter().all(|r| r.value.is_none() && r.status == ObsStatus::M));
    assert!(tidy.notes.iter().any(|n| n.starts_with("metadata only")));
}

#[test]
fn says_what_is_wrong_and_where() {
    let cases = [
        (VERSION_2.replace("[1, 2.5, null, 4]", "[1, 2.5]"), "value: has 2 entries, but the sizes multiply to 4"),
        (VERSION_2.replace("[1, 2.5, null, 4]", "{\"4\": 1}"), "value[\"4\"]: the sizes multiply to 4 cells"),
        (VERSION_2.replace("2.5", "true"), "value[1]: true is not a number"),
        (VERSION_2.replace("[2, 2, 1]", "[2, 3, 1]"), "dimension[\"time\"]: lists 2 categories, but size says 3"),
        (VERSION_2.replace("[2, 2, 1]", "[2, 2]"), "size: not a list of 3 numbers"),
        (VERSION_2.replace("\"01\": 0", "\"01\": 1"), "dimension[\"area\"]: category.index is not an order of codes"),
        (
            "{\"class\": \"collection\", \"link\": {\"item\": [{\"href\": \"https://a.b/1\"}]}}".to_owned(),
            "class: a collection of 1 links, which has no values",
        ),
        ("{\"a\": 1}".to_owned(), "a: not a dataset"),
    ];
    for (text, message) in cases {
        assert_eq!(refuse(&text), format!("JSON-stat: {message}"));
    }
}

#[test]
fn a_cube_beyond_memory_is_refused() {
    let axis = |id: &str| {
        let codes: Vec<String> = (0..2000).map(|n| format!("\"{n}\"")).collect();
        format!("\"{id}\": {{\"category\": {{\"index\": [{}]}}}}", codes.join(","))
    };
    let text = format!(
        "{{\"id\": [\"a\", \"b\", \"c\"], \"size\": [2000, 2000, 2000], \"dimension\": {{{}, {}, {}}}, \"value\": {{\"0\": 1}}}}",
        axis("a"),
        axis("b"),
        axis("c")
    );
    assert_eq!(refuse(&text), "JSON-stat: the table: 8000000000 cells are more than 2000000");
}

proptest! {
    #[test]
    fn damage_is_an_error_and_never_a_panic(at in 0usize..700, flip in 1u8.., cut in 0usize..700) {
        let mut bytes = VERSION_2.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let _ = read_jsonstat(&bytes);
        bytes.truncate(cut);
        let _ = read_jsonstat(&bytes);
    }
}

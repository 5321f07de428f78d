//! SDMX-JSON messages.

use super::*;
use crate::domain::ObsStatus;
use proptest::prelude::*;

const VERSION_1: &str = r#"{
  "header": {"id": "x", "prepared": "2022-06-01T00:00:00Z"},
  "dataSets": [{"action": "Information", "series": {
    "0:1": {"attributes": [0], "observations": {"0": [1.5, 0], "1": [null, null]}},
    "0:0": {"attributes": [null], "observations": {"1": [2, 1]}}
  }}],
  "structure": {
    "name": "Giá tiêu dùng",
    "dimensions": {
      "dataSet": [{"id": "FREQ", "values": [{"id": "M", "name": "Monthly"}]}],
      "series": [
        {"id": "REF_AREA", "name": "Area", "values": [{"id": "VN", "name": "Việt Nam"}]},
        {"id": "INDICATOR", "values": [{"id": "CPI"}, {"id": "WPI"}]}
      ],
      "observation": [{"id": "TIME_PERIOD", "values": [{"id": "2022-04"}, {"id": "2022-05"}]}]
    },
    "attributes": {
      "series": [{"id": "UNIT_MULT", "values": [{"id": "0"}]}],
      "observation": [{"id": "OBS_STATUS", "values": [{"id": "A"}, {"id": "E"}]}]
    }
  }
}"#;

const FLAT_VERSION_2: &str = r#"{
  "meta": {"prepared": "2023-01-01"},
  "data": {
    "dataSets": [{"structure": 0, "observations": {"0:0": ["7"], "1:0": [8]}}],
    "structures": [{"dimensions": {"observation": [
      {"id": "GEO", "values": [{"id": "HCM"}, {"id": "HN"}]},
      {"id": "TIME_PERIOD", "values": [{"value": "2022"}]}
    ]}}]
  }
}"#;

#[test]
fn reads_version_1_by_series() {
    let tidy = read_sdmx_json(VERSION_1.as_bytes()).unwrap();
    assert_eq!((tidy.title.as_deref(), tidy.updated.as_deref()), (Some("Giá tiêu dùng"), Some("2022-06-01T00:00:00Z")));
    let codes: Vec<_> = tidy.dimensions.iter().map(|d| (d.code.as_str(), d.label.as_str())).collect();
    assert_eq!(codes, [("FREQ", "FREQ"), ("REF_AREA", "Area"), ("INDICATOR", "INDICATOR"), ("UNIT_MULT", "UNIT_MULT")]);
    assert_eq!(tidy.dimensions[1].members.get("VN").map(String::as_str), Some("Việt Nam"));
    let rows: Vec<_> =
        tidy.rows.iter().map(|r| (r.members.join("+"), r.period.unwrap().to_string(), r.value, r.status)).collect();
    assert_eq!(
        rows,
        [
            ("M+VN+WPI+0".to_owned(), "2022-04".to_owned(), Some(1.5), ObsStatus::A),
            ("M+VN+WPI+0".to_owned(), "2022-05".to_owned(), None, ObsStatus::M),
            ("M+VN+CPI+".to_owned(), "2022-05".to_owned(), Some(2.0), ObsStatus::E),
        ]
    );
}

#[test]
fn reads_flat_version_2() {
    let tidy = read_sdmx_json(FLAT_VERSION_2.as_bytes()).unwrap();
    let rows: Vec<_> = tidy.rows.iter().map(|r| (r.members[0].as_str(), r.time.as_str(), r.value)).collect();
    assert_eq!(rows, [("HCM", "2022", Some(7.0)), ("HN", "2022", Some(8.0))]);
}

#[test]
fn says_which_key_points_nowhere() {
    let refuse = |text: String| read_sdmx_json(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        refuse(VERSION_1.replace("\"0:1\"", "\"0:5\"")),
        "SDMX-JSON: dataSets[0].series[\"0:5\"]: \"INDICATOR\" has no value number 5"
    );
    assert_eq!(
        refuse(VERSION_1.replace("\"0:1\"", "\"0\"")),
        "SDMX-JSON: dataSets[0].series[\"0\"]: the key has 1 parts for 2 dimensions"
    );
    assert_eq!(
        refuse(VERSION_1.replace("1.5", "\"x\"")),
        "SDMX-JSON: dataSets[0].series[\"0:1\"].observations[\"0\"]: \"x\" is not a number"
    );
}

proptest! {
    #[test]
    fn damage_is_an_error_and_never_a_panic(at in 0usize..1200, flip in 1u8.., cut in 0usize..1200) {
        let mut bytes = VERSION_1.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let _ = read_sdmx_json(&bytes);
        bytes.truncate(cut);
        let _ = read_sdmx_json(&bytes);
    }
}

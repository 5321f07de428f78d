//! PC-Axis files: small ones by hand, real ones against counts that other programs made.

use super::*;
use crate::domain::ObsStatus;
use proptest::prelude::*;

/// Two languages, codes, a text over two lines, a time variable in quarters, all signs for missing.
const QUARTERS: &str = r#"CHARSET="ANSI";
CODEPAGE="utf-8";
LANGUAGE="vi";
LANGUAGES="vi","en";
TITLE="Chỉ số "
"sản xuất";
TITLE[en]="Production index";
UNITS="%";
LAST-UPDATED="20220529 09:00";
STUB="Quận";
HEADING="Ngành","Quý";
VALUES("Quận")="Quận 1","Gò Vấp";
VALUES("Ngành")="Chế biến","Điện";
VALUES("Quý")="Quý I/2022","Quý II/2022";
VALUES[en]("Quarter")="Q1","Q2";
CODES("Quận")="760","764";
TIMEVAL("Quý")=TLIST(Q1),"20221","20222";
DATA=
1.5 2 ".." "-"
-3e2 "....." 0 8;
"#;

fn read(text: &str) -> Tidy {
    read_px(text.as_bytes()).unwrap()
}

fn refuse(text: &str) -> String {
    read_px(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn reads_a_cube_in_the_main_language() {
    let tidy = read(QUARTERS);
    assert_eq!(tidy.title.as_deref(), Some("Chỉ số sản xuất"));
    assert_eq!((tidy.unit.as_deref(), tidy.updated.as_deref()), (Some("%"), Some("20220529 09:00")));
    assert_eq!(tidy.dimensions.len(), 2);
    assert_eq!(tidy.dimensions[0].members.get("764").map(String::as_str), Some("Gò Vấp"));
    let rows: Vec<_> = tidy
        .rows
        .iter()
        .map(|r| (r.members.join("+"), r.period.unwrap().to_string(), r.value, r.status, r.at.as_str()))
        .collect();
    assert_eq!(rows.len(), 8);
    assert_eq!(rows[0], ("760+Chế biến".to_owned(), "2022-Q1".to_owned(), Some(1.5), ObsStatus::A, "line 19, cell 1"));
    assert_eq!(rows[2], ("760+Điện".to_owned(), "2022-Q1".to_owned(), None, ObsStatus::M, "line 19, cell 3"));
    assert_eq!(rows[3].2, Some(0.0));
    assert_eq!((rows[4].0.as_str(), rows[4].2), ("764+Chế biến", Some(-300.0)));
    assert_eq!((rows[5].2, rows[5].3), (None, ObsStatus::M));
    assert_eq!(tidy.rows[1].time, "Quý II/2022");
}

#[test]
fn expands_ranges_of_time() {
    let text = r#"STUB="y";VALUES("y")="1999","2000","2001";TIMEVAL("y")=TLIST(A1,"1999"-"2001");DATA=1 2 3;"#;
    let periods: Vec<String> = read(text).rows.iter().map(|r| r.period.unwrap().to_string()).collect();
    assert_eq!(periods, ["1999", "2000", "2001"]);
    let text = r#"HEADING="m";VALUES("m")="a","b";TIMEVAL("m")=TLIST(M1,"202112"-"202201");DATA=1 2;"#;
    assert_eq!(read(text).rows[1].period.unwrap().to_string(), "2022-01");
}

#[test]
fn finds_time_without_timeval_and_leaves_other_codes_alone() {
    let text = r#"STUB="isic";HEADING="year";VALUES("isic")="1011","1012";VALUES("year")="2021","2022";DATA=1 2 3 4;"#;
    let tidy = read(text);
    assert_eq!(tidy.dimensions[0].code, "isic");
    assert_eq!(tidy.rows[3].period.unwrap().to_string(), "2022");
}

#[test]
fn keys_leave_out_rows_of_zeros() {
    let text = r#"STUB="r","s";HEADING="y";VALUES("r")="North","South";CODES("r")="N","S";
VALUES("s")="men","women";VALUES("y")="2021","2022";KEYS("r")=CODES;KEYS("s")=VALUES;
DATA=
"N","women",1 2
"S","men",".." 4;"#;
    let tidy = read(text);
    let values: Vec<_> = tidy.rows.iter().map(|r| r.value).collect();
    let zero = Some(0.0);
    assert_eq!(values, [zero, zero, Some(1.0), Some(2.0), None, Some(4.0), zero, zero]);
    assert_eq!(tidy.notes, ["2 rows of zeros are left out of the file, as KEYS allows"]);
    let wrong = text.replace("\"S\",\"men\"", "\"South\",\"men\"");
    assert_eq!(refuse(&wrong), "PC-Axis: line 5: \"South\" is not a member of \"r\"");
}

#[test]
fn reads_old_code_pages() {
    let mut bytes = b"CHARSET=\"ANSI\";CODEPAGE=\"iso-8859-1\";STUB=\"region\";VALUES(\"region\")=\"S".to_vec();
    bytes.extend(b"\xF6dert\xE4lje\";DATA=1;");
    assert_eq!(read_px(&bytes).unwrap().rows[0].members, ["Södertälje"]);
    // Without CHARSET the file is of DOS times: ö is 0x94 there.
    assert_eq!(read_px(b"STUB=\"r\";VALUES(\"r\")=\"S\x94der\";DATA=1;\x1a").unwrap().rows[0].members, ["Söder"]);
    let text = "CHARSET=\"ANSI\";CODEPAGE=\"iso-8859-15\";STUB=\"r\";VALUES(\"r\")=\"Sælhund\";DATA=1;";
    let tidy = read(text);
    assert_eq!(tidy.rows[0].members, ["Sælhund"]);
    assert_eq!(tidy.notes, ["CODEPAGE says \"iso-8859-15\", but the file is in utf-8"]);
}

#[test]
fn says_what_is_wrong_and_where() {
    let cases = [
        (
            QUARTERS.replace("0 8;", "0;"),
            "line 21: DATA has 7 cells, but the variables have 2 × 2 × 2 = 8 values together",
        ),
        (
            QUARTERS.replace("0 8;", "0 8 9 10;"),
            "line 20: DATA has 10 cells, but the variables have 2 × 2 × 2 = 8 values together",
        ),
        (QUARTERS.replace("-3e2", "-3e2x"), "line 20, cell 1: \"-3e2x\" in DATA is not a number"),
        (
            QUARTERS.replace("\"20221\",", ""),
            "line 17: TIMEVAL(\"Quý\") lists 1 time points, but VALUES(\"Quý\") lists 2",
        ),
        (QUARTERS.replace("\"20221\"", "\"20225\""), "line 17: TIMEVAL(\"Quý\"): \"20225\" is not a time point of Q1"),
        (QUARTERS.replace("TLIST(Q1)", "TLIST(Z1)"), "line 17: TIMEVAL(\"Quý\") is \"TLIST Z1\""),
        (QUARTERS.replace("\"760\",", ""), "line 16: CODES(\"Quận\") lists 1 codes for 2 values"),
        (QUARTERS.replace("DATA=", "DAT="), "line 21: the keyword DATA is missing"),
        (QUARTERS.split("DATA").next().unwrap().to_owned(), "line 18: the keyword DATA is missing"),
        (QUARTERS.replace("VALUES(\"Quý\")", "VALUE(\"Quý\")"), "line 18: VALUES(\"Quý\") is missing"),
        ("TITLE=\"x;\n".to_owned(), "line 1: a quote of TITLE is opened and never closed"),
        ("hello".to_owned(), "line 1: expected \"=\" after HELLO, found the end of the file"),
    ];
    for (text, message) in cases {
        assert_eq!(refuse(&text), format!("PC-Axis: {message}"));
    }
}

proptest! {
    #[test]
    fn damage_is_an_error_and_never_a_panic(at in 0usize..700, flip in 1u8.., cut in 0usize..700) {
        let mut bytes = QUARTERS.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let _ = read_px(&bytes);
        bytes.truncate(cut);
        let _ = read_px(&bytes);
    }
}

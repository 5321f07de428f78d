//! Citizens' reports over HTTP: the published figures of 25 May 2022, the way down to the cases, what cannot be asked.

use serde_json::Value;

use crate::harness::city;

/// Noon of 25 May 2022, when the city counted its reports since 1 January.
const NOON: &str = "as_of=2022-05-25T12:00:00%2B07:00";

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("{key} in {value}"))
}

#[test]
fn the_25th_of_may_is_as_it_was_published() {
    let day = city().json(&format!("/cases/summary?{NOON}"));
    assert_eq!(["received", "handled", "not_handled", "open"].map(|key| number(&day, key)), [15_117, 14_660, 457, 457]);
    let ranking = city().json(&format!("/cases/ranking?{NOON}"));
    let units = ranking["units"].as_array().unwrap();
    let share = |code: &str| {
        let unit = units.iter().find(|u| u["code"] == code).unwrap();
        assert!(number(unit, "due") >= 60, "{unit}");
        unit["overdue_percent"].as_f64().unwrap()
    };
    assert_eq!([&units[0], &units[1]].map(|u| u["overdue_percent"].as_f64().unwrap().round()), [70.0, 47.0]);
    for low in ["770", "774", "771", "785"] {
        assert!(share(low) < 5.0, "{low}: {}", share(low));
    }
    assert_eq!(units.len(), 22);
}

#[test]
fn from_the_city_down_to_the_cases_of_the_worst_district_the_numbers_agree() {
    let districts = city().json(&format!("/cases/children?{NOON}"));
    let worst = districts["areas"].as_array().unwrap().iter().find(|a| a["code"] == "787").unwrap().clone();
    let wards = city().json(&format!("/cases/children?{NOON}&district=787"));
    let of_wards: u64 = wards["areas"].as_array().unwrap().iter().map(|a| number(a, "overdue")).sum();
    let list = city().json(&format!("/cases/list?{NOON}&area=787&which=overdue&limit=1000"));
    let cases = list["cases"].as_array().unwrap();
    assert_eq!((of_wards, cases.len() as u64), (number(&worst, "overdue"), number(&worst, "overdue")));
    assert!(cases.iter().all(|c| c["district"] == "787" && c["case_id"].as_str().unwrap().starts_with("1022-")));
    let text = serde_json::to_string(&list).unwrap();
    assert!(!text.contains("phone") && !text.contains("reporter"), "identifiers and times only");
}

#[test]
fn a_table_of_two_axes_adds_up_and_comes_in_every_form() {
    let path = format!("/cases/crosstab?{NOON}&rows=district&columns=month");
    let table = city().json(&path);
    let sum: u64 = table["cells"].as_array().unwrap().iter().map(|c| number(c, "received")).sum();
    assert_eq!((sum, number(&table["total"], "received")), (15_117, 15_117));
    for format in ["csv", "xlsx", "parquet", "arrow"] {
        let answer = city().get(&format!("{path}&format={format}"));
        assert_eq!(answer.status.as_u16(), 200, "{format}");
        assert!(answer.body.len() > 1000, "{format}");
    }
    let flow = city().json(&format!("/cases/flow?{NOON}&by=week"));
    let mut open = number(&flow, "open_at_start");
    for week in flow["periods"].as_array().unwrap() {
        let [came, again] = ["received", "reopened"].map(|key| number(week, key));
        let [closed, rejected, merged] = ["closed", "rejected", "merged"].map(|key| number(week, key));
        open = open + came + again - closed - rejected - merged;
        assert_eq!(number(week, "open"), open, "{week}");
    }
    assert_eq!(open, 457);
}

#[test]
fn what_is_planted_in_the_sample_is_found() {
    let flags = city().json("/cases/flags");
    let raised = |kind: &str, org: &str| {
        let all = flags["flags"].as_array().unwrap();
        all.iter().any(|f| f["kind"] == kind && f["org"] == org && f["worth_a_look"] == true)
    };
    for (kind, org) in [
        ("just_before_limit", "ubnd_quan_binh_tan"),
        ("bouncing", "ubnd_quan_go_vap"),
        ("reopened_after_on_time", "ubnd_huyen_hoc_mon"),
    ] {
        assert!(raised(kind, org), "{kind} of {org}");
    }
}

#[test]
fn an_indicator_over_cases_is_served_like_any_other() {
    let series = city().json("/indicators/1405/series?from=2022-01&to=2022-06");
    let cells = series["observations"].as_array().unwrap();
    assert_eq!(cells.len(), 6);
    assert!(cells[4]["complete"] == true && cells[4]["yoy_value"].is_number(), "{}", cells[4]);
    let june = &cells[5];
    assert_eq!(
        (june["complete"].clone(), june["yoy_value"].clone(), june["areas"].clone()),
        (false.into(), Value::Null, "29/30".into())
    );
    let as_of = city().json("/indicators/1405/series?from=2022-05&to=2022-05&as_of=2022-05-25T12:00:00%2B07:00");
    assert_eq!(as_of["observations"][0]["areas"], "24/31");
    let rows = city().sql("SELECT count(*) AS n FROM case_rounds WHERE started_at >= timestamp '2022-01-01'");
    assert!(rows[0]["n"].as_i64().unwrap() > 15_117);
}

#[test]
fn what_cannot_be_asked_is_said_with_what_can() {
    for (path, status, part) in [
        ("/cases/summary?area=78X", 404, "783"),
        ("/cases/crosstab?rows=colour", 400, "district"),
        ("/cases/summary?from=yesterday", 400, "2022-Q2"),
        ("/cases/list?which=lost", 400, "open_overdue"),
        ("/cases/summary?basis=new", 400, "original"),
    ] {
        let answer = city().get(path);
        assert_eq!(answer.status.as_u16(), status, "{path}");
        let problem = String::from_utf8(answer.body).unwrap();
        assert!(problem.contains(part), "{path}: {problem}");
    }
}

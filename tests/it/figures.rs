//! What a user asks for first: the list, the values, what is partial, what it was before, where it comes from.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::harness::city;

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no text \"{key}\" in {value}"))
}

fn observations(path: &str) -> Vec<Value> {
    city().json(path)["observations"].as_array().unwrap().clone()
}

#[test]
fn lists_110_indicators_in_20_groups_51_of_them_from_the_two_offices() {
    let list = city().json("/indicators");
    let list = list.as_array().unwrap();
    let groups: BTreeSet<&str> = list.iter().map(|i| text(i, "group_code")).collect();
    let offices = ["statistics_office", "social_insurance"];
    let of_offices = list.iter().filter(|i| offices.contains(&text(i, "source"))).count();
    assert_eq!((list.len(), groups.len(), of_offices), (110, 20, 51));
    assert_eq!(city().json("/groups").as_array().unwrap().len(), 20);
}

#[test]
fn every_indicator_has_values_at_every_frequency_and_level_it_is_published_at() {
    let mut empty = Vec::new();
    for indicator in city().json("/indicators").as_array().unwrap() {
        let code = text(indicator, "code");
        if ("1401"..="1414").contains(&code) {
            continue;
        }
        for freq in indicator["freqs"].as_array().unwrap() {
            let freq = freq.as_str().unwrap();
            let path = format!("/indicators/{code}/series?freq={freq}");
            if observations(&path).is_empty() {
                empty.push(format!("{code} {freq} city"));
            }
            for level in ["district", "ward"] {
                let published = text(indicator, "level") == "ward" || text(indicator, "level") == level;
                if published && observations(&format!("{path}&level={level}")).is_empty() {
                    empty.push(format!("{code} {freq} {level}"));
                }
            }
        }
    }
    assert!(empty.is_empty(), "without values: {empty:?}");
}

#[test]
fn published_figures_come_out_exactly() {
    // Statistics Office of the city, published figures quoted in data-samples/README.md.
    let year = |code: &str| observations(&format!("/indicators/{code}/series?freq=A&from=2021&to=2021"))[0].clone();
    assert_eq!(year("1001")["value"], 822_592.0);
    let may = observations("/indicators/1002/series?freq=M&from=2022-05&to=2022-05")[0].clone();
    assert_eq!((may["value"].as_f64(), may["ytd_value"].as_f64()), (Some(57_757.0), Some(275_967.0)));
    let revenue = observations("/indicators/0601/series?freq=M&from=2022-05&to=2022-05")[0].clone();
    assert!((revenue["ytd_value"].as_f64().unwrap() - 209_824.5).abs() < 1e-6, "{revenue}");
}

#[test]
fn growth_of_2021_has_three_vintages() {
    let known = |day: &str| {
        let path = format!("/indicators/0503/series?freq=A&from=2021&to=2021&as_of={day}");
        let value = observations(&path)[0]["value"].as_f64().unwrap();
        format!("{value:.2}")
    };
    assert_eq!([known("2021-12-15"), known("2021-12-31"), known("2022-06-30")], ["-5.06", "-6.78", "-5.36"]);
    let explained = city().json("/figures/0503/79/2021");
    let history: Vec<String> = explained["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|h| h["complete"] == true)
        .map(|h| format!("{:.2}", h["value"].as_f64().unwrap()))
        .collect();
    assert_eq!(history, ["-5.06", "-6.78", "-5.36"], "every earlier value is told");
}

#[test]
fn a_partial_year_says_so_and_is_compared_with_the_same_months() {
    let years = observations("/indicators/1001/series?freq=A&from=2021&to=2022");
    let (full, partial) = (&years[0], &years[1]);
    assert_eq!((&full["complete"], text(full, "periods")), (&Value::Bool(true), "12/12"));
    assert_eq!((&partial["complete"], text(partial, "periods")), (&Value::Bool(false), "6/12"));
    let months = observations("/indicators/1001/series?freq=M&from=2021-01&to=2021-06");
    let same: f64 = months.iter().map(|m| m["value"].as_f64().unwrap()).sum();
    assert!((partial["yoy_value"].as_f64().unwrap() - same).abs() < 1e-6);
    assert!(partial["prev_value"].is_null(), "half a year is not compared with a whole one");
}

#[test]
fn a_late_district_shows_as_coverage() {
    let rows = city().sql(
        "SELECT count(*) AS n FROM indicator_values WHERE area_code = '79' AND freq = 'M' AND areas_present = 21 \
         AND areas_due = 22 AND NOT complete",
    );
    assert!(rows[0]["n"].as_i64().unwrap() > 0, "the sample has late districts");
}

#[test]
fn one_number_is_explained_down_to_file_and_cell() {
    let figure = city().json("/figures/1001/79/2022-05");
    let inputs = figure["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 1);
    let input = &inputs[0];
    assert_eq!(text(input, "measure"), "retail_total");
    assert!(text(input, "source_ref").contains('!'), "sheet and cell: {input}");
    assert!(!text(&input["run"], "url").is_empty() && text(&input["run"], "snapshot_sha256").len() == 64);
    let others = input["other_vintages"].as_array().unwrap();
    assert!(others.iter().any(|v| text(v, "obs_status") == "E"), "May was an estimate first: {input}");
    assert_eq!(text(&figure["figure"], "obs_status"), "A");
}

#[test]
fn answers_are_tagged_and_not_sent_twice() {
    let first = city().get("/indicators/1001/series?freq=Q");
    let tag = first.header("etag").to_owned();
    assert!(tag.len() > 4);
    let again = city().request(Method::GET, "/api/v1/indicators/1001/series?freq=Q", &[("if-none-match", &tag)], "");
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[test]
fn wrong_questions_get_words_and_the_nearest_answer() {
    for (path, status, part) in [
        ("/indicators/1010/series", 404, "Did you mean"),
        ("/indicators/1001/series?freq=W", 400, "M, Q, A"),
        ("/indicators/0101/series?freq=M", 400, "published by A"),
        ("/indicators/1001/series?area=99999", 404, "99999"),
        ("/indicators/1001/series?from=2022-13", 400, "2022-13"),
        ("/indicators/1001/series?breakdown=color%3Dred", 400, "dimensions are"),
        ("/indicators/1001/series?format=pdf", 400, "json, csv, xlsx"),
        ("/snapshot?period=2022-05&area=762", 404, "762"),
        ("/figures/1001/79/2030", 404, "2030"),
        ("/nothing", 404, "openapi.json"),
    ] {
        let answer = city().get(path);
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        let problem = String::from_utf8(answer.body).unwrap();
        assert!(problem.contains(part), "{path}: {problem}");
    }
}

#[test]
fn a_snapshot_lists_every_indicator_of_a_period() {
    let snapshot = city().json("/snapshot?period=2022-05");
    let (present, due) = (snapshot["present"].as_u64().unwrap(), snapshot["due"].as_u64().unwrap());
    assert_eq!((present, due), (74, 74), "every monthly indicator, those over citizens' cases too");
    let district = city().json("/snapshot?period=2022-05&area=760");
    assert!(district["present"].as_u64().unwrap() > 20, "{}", district["present"]);
}

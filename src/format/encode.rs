//! Tidy rows for `toancanh read`: JSON objects and CSV, one per cell.

use serde_json::{Map, Value, json};

use super::{Tidy, TidyRow};

/// Keys that every object has, which a dimension may not take.
const RESERVED: [&str; 3] = ["period", "value", "status"];

/// Column names: for each dimension its code, and its label where labels say more than codes; then period, value and
/// status.
pub fn tidy_columns(tidy: &Tidy) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, dimension) in tidy.dimensions.iter().enumerate() {
        let mut name = dimension.code.clone();
        while RESERVED.contains(&name.as_str()) || names.contains(&name) {
            name.push_str(" (dimension)");
        }
        names.push(name.clone());
        if has_labels(tidy, at) {
            let mut label = format!("{name}_label");
            while RESERVED.contains(&label.as_str()) || names.contains(&label) {
                label.push_str(" (label)");
            }
            names.push(label);
        }
    }
    names.extend(RESERVED.map(str::to_owned));
    names
}

fn has_labels(tidy: &Tidy, at: usize) -> bool {
    tidy.dimensions[at].members.iter().any(|(code, label)| code != label)
}

/// A list of objects, one per cell: its dimensions, `period` (canonical where it could be read, else as the source
/// writes it, null without time), `value` (null when missing) and `status`.
pub fn tidy_to_json(tidy: &Tidy) -> Value {
    let names = tidy_columns(tidy);
    let labelled: Vec<bool> = (0..tidy.dimensions.len()).map(|at| has_labels(tidy, at)).collect();
    let object = |row: &TidyRow| {
        let texts = texts(tidy, row, &labelled).into_iter().map(Value::from);
        let tail = [json!(period(row)), json!(row.value), json!(row.status.as_str())];
        let entries: Map<String, Value> = names.iter().cloned().zip(texts.chain(tail)).collect();
        Value::Object(entries)
    };
    Value::Array(tidy.rows.iter().map(object).collect())
}

/// The same table as CSV with a header line. A text that a spreadsheet would take for a formula gets an apostrophe.
pub fn tidy_to_csv(tidy: &Tidy) -> String {
    let labelled: Vec<bool> = (0..tidy.dimensions.len()).map(|at| has_labels(tidy, at)).collect();
    let mut out = String::new();
    let mut line = |cells: Vec<String>| {
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    line(tidy_columns(tidy).iter().map(|name| csv_text(name)).collect());
    for row in &tidy.rows {
        let mut cells: Vec<String> = texts(tidy, row, &labelled).into_iter().map(csv_text).collect();
        cells.push(csv_text(&period(row).unwrap_or_default()));
        cells.push(row.value.map(|v| v.to_string()).unwrap_or_default());
        cells.push(row.status.as_str().to_owned());
        line(cells);
    }
    out
}

fn period(row: &TidyRow) -> Option<String> {
    row.period.map(|p| p.to_string()).or_else(|| (!row.time.is_empty()).then(|| row.time.clone()))
}

/// Code and, where the column exists, label of each dimension.
fn texts<'a>(tidy: &'a Tidy, row: &'a TidyRow, labelled: &[bool]) -> Vec<&'a str> {
    let mut texts = Vec::with_capacity(labelled.len() * 2);
    for ((dimension, member), has_label) in tidy.dimensions.iter().zip(&row.members).zip(labelled) {
        texts.push(member.as_str());
        if *has_label {
            texts.push(dimension.members.get(member).map_or(member.as_str(), String::as_str));
        }
    }
    texts
}

fn csv_text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ObsStatus;
    use crate::format::TidyDimension;

    fn sample() -> Tidy {
        let dimension = |code: &str, members: &[(&str, &str)]| TidyDimension {
            code: code.to_owned(),
            label: code.to_owned(),
            members: members.iter().map(|(c, l)| ((*c).to_owned(), (*l).to_owned())).collect(),
        };
        let row = |members: [&str; 2], time: &str, value, status| TidyRow {
            members: members.map(str::to_owned).to_vec(),
            time: time.to_owned(),
            period: super::super::time_label::read_time(time),
            value,
            status,
            at: String::new(),
        };
        Tidy {
            dimensions: vec![dimension("area", &[("79", "TP.HCM")]), dimension("value", &[("-a", "-a")])],
            rows: vec![
                row(["79", "-a"], "2022M05", Some(-1.5), ObsStatus::A),
                row(["79", "-a"], "2022W05", None, ObsStatus::M),
            ],
            ..Tidy::default()
        }
    }

    #[test]
    fn one_object_per_cell() {
        let expected = json!([
            {"area": "79", "area_label": "TP.HCM", "value (dimension)": "-a", "period": "2022-05", "value": -1.5, "status": "A"},
            {"area": "79", "area_label": "TP.HCM", "value (dimension)": "-a", "period": "2022W05", "value": null, "status": "M"}
        ]);
        assert_eq!(tidy_to_json(&sample()), expected);
    }

    #[test]
    fn csv_holds_no_formulas_and_keeps_negative_numbers() {
        let expected = "area,area_label,value (dimension),period,value,status\r\n\
            79,TP.HCM,'-a,2022-05,-1.5,A\r\n79,TP.HCM,'-a,2022W05,,M\r\n";
        assert_eq!(tidy_to_csv(&sample()), expected);
    }
}

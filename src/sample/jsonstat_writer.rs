//! JSON-stat 2 data sets of two dimensions: series and time.

use chrono::NaiveDate;
use serde_json::{Map, Number, Value, json};

/// A data set; `cells[series][time]` is a number as text and a status.
pub struct JsonStatTable<'a> {
    /// Label of the data set.
    pub label: &'a str,
    /// Who says so.
    pub source: &'a str,
    /// Day of publication.
    pub updated: NaiveDate,
    /// Dimension ids: series, time.
    pub ids: (&'a str, &'a str),
    /// Code and label of every series.
    pub series: Vec<(String, String)>,
    /// Time codes, such as `2022Q2`.
    pub times: Vec<String>,
    /// Value and status by series and time.
    pub cells: Vec<Vec<(String, &'static str)>>,
}

impl JsonStatTable<'_> {
    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let number = |text: &str| -> Value {
            text.parse::<i64>().map(Value::from).unwrap_or_else(|_| {
                text.parse::<f64>().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
            })
        };
        let cells = || self.cells.iter().flatten();
        let category = |entries: &[(String, String)]| -> Value {
            let label: Map<String, Value> = entries.iter().map(|(c, l)| (c.clone(), json!(l))).collect();
            json!({ "index": entries.iter().map(|(c, _)| c).collect::<Vec<_>>(), "label": label })
        };
        let times: Vec<(String, String)> = self.times.iter().map(|t| (t.clone(), t.clone())).collect();
        let mut dimension = Map::new();
        dimension.insert(self.ids.0.to_owned(), json!({ "label": "Chỉ tiêu", "category": category(&self.series) }));
        dimension.insert(self.ids.1.to_owned(), json!({ "label": "Kỳ", "category": category(&times) }));
        let file = json!({
            "version": "2.0",
            "class": "dataset",
            "label": self.label,
            "source": self.source,
            "updated": format!("{}T09:00:00+07:00", self.updated),
            "id": [self.ids.0, self.ids.1],
            "size": [self.series.len(), self.times.len()],
            "role": { "time": [self.ids.1] },
            "dimension": dimension,
            "value": cells().map(|(value, _)| number(value)).collect::<Vec<_>>(),
            "status": cells().map(|(_, status)| *status).collect::<Vec<_>>(),
        });
        let mut bytes = serde_json::to_vec(&file).expect("a JSON value can always be written");
        bytes.push(b'\n');
        bytes
    }
}

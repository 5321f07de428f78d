//! JSON-stat 2.0: a dataset with the dimensions indicator, area, breakdown and time, sparse.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::sdmx_csv::Labelled;

/// A dataset of the given figures; all must have one frequency (JSON-stat has one time dimension). `updated` is RFC 3339.
pub fn json_stat(label: &str, source: &str, updated: &str, rows: &[Labelled<'_>]) -> Value {
    let mut indicators: IndexMap<&str, &str> = IndexMap::new();
    let mut areas: IndexMap<&str, &str> = IndexMap::new();
    let mut breakdowns: IndexMap<String, String> = IndexMap::new();
    let mut times: Vec<String> = Vec::new();
    for row in rows {
        indicators.insert(row.indicator, row.indicator_label);
        areas.insert(&row.cell.area, row.area_label);
        breakdowns.insert(row.cell.breakdown.to_string(), row.breakdown_label.clone());
        times.push(row.cell.period.to_string());
    }
    times.sort_unstable();
    times.dedup();
    let size = [indicators.len(), areas.len(), breakdowns.len(), times.len()];
    let (mut values, mut statuses) = (Map::new(), Map::new());
    for row in rows {
        let position = [
            indicators.get_index_of(row.indicator),
            areas.get_index_of(&*row.cell.area),
            breakdowns.get_index_of(&row.cell.breakdown.to_string()),
            times.binary_search(&row.cell.period.to_string()).ok(),
        ];
        let flat = position.iter().zip(size).fold(0, |at, (p, n)| at * n + p.expect("every label was collected above"));
        values.insert(flat.to_string(), json!(row.cell.value));
        statuses.insert(flat.to_string(), json!(row.cell.status.as_str()));
    }
    let units: Map<String, Value> = rows
        .iter()
        .map(|r| (r.indicator.to_owned(), json!({ "base": r.unit_label, "decimals": r.decimals })))
        .collect();
    let category = |labels: Vec<(&str, &str)>| {
        let index: Vec<&str> = labels.iter().map(|(code, _)| *code).collect();
        let label: Map<String, Value> = labels.iter().map(|(c, l)| ((*c).to_owned(), json!(l))).collect();
        json!({ "index": index, "label": label })
    };
    let mut indicator = category(indicators.iter().map(|(c, l)| (*c, *l)).collect());
    indicator["unit"] = Value::Object(units);
    json!({
        "version": "2.0", "class": "dataset", "label": label, "source": source, "updated": updated,
        "id": ["indicator", "area", "breakdown", "time"], "size": size,
        "role": { "time": ["time"], "geo": ["area"], "metric": ["indicator"] },
        "dimension": {
            "indicator": { "label": "Chỉ tiêu", "category": indicator },
            "area": { "label": "Địa bàn", "category": category(areas.iter().map(|(c, l)| (*c, *l)).collect()) },
            "breakdown": { "label": "Phân tổ",
                "category": category(breakdowns.iter().map(|(c, l)| (c.as_str(), l.as_str())).collect()) },
            "time": { "label": "Kỳ", "category": category(times.iter().map(|t| (t.as_str(), t.as_str())).collect()) },
        },
        "value": values, "status": statuses,
    })
}

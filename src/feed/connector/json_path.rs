//! Fields of a JSON answer by a declared path, `data.token`; nothing clever.

use serde_json::Value;

/// The value at a path of object keys; the empty path is the document itself.
pub fn at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(document);
    }
    path.split('.').try_fold(document, |value, key| value.get(key))
}

/// The text or number at a path, as text; `None` when it is missing, null or something else.
pub fn text_at(document: &Value, path: &str) -> Option<String> {
    match at(document, path)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_values() {
        let document = serde_json::json!({ "code": 0, "data": { "token": "abc", "rows": [1] }, "next": null });
        assert_eq!(text_at(&document, "data.token").as_deref(), Some("abc"));
        assert_eq!(text_at(&document, "code").as_deref(), Some("0"));
        assert_eq!(at(&document, "data.rows").and_then(Value::as_array).map(Vec::len), Some(1));
        assert_eq!(at(&document, ""), Some(&document));
        assert_eq!(text_at(&document, "next"), None);
        assert_eq!(text_at(&document, "data.rows"), None);
        assert_eq!(at(&document, "data.none.deeper"), None);
    }
}

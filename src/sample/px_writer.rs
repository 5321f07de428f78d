//! PC-Axis files: two variables down, one time variable across.

use std::fmt::Write;

use chrono::NaiveDate;

/// A variable: name, and code and label of every value.
pub struct Variable {
    /// Name.
    pub name: String,
    /// Code and label.
    pub values: Vec<(String, String)>,
}

/// A table; `cells` are rows of the stub (first variable slowest) by time.
pub struct PxTable<'a> {
    /// Short name.
    pub matrix: &'a str,
    /// Title.
    pub title: &'a str,
    /// What the numbers are.
    pub contents: &'a str,
    /// Unit of measure.
    pub units: &'a str,
    /// Variables down.
    pub stub: Vec<Variable>,
    /// Name of the time variable.
    pub time_name: &'a str,
    /// `A1` or `M1`.
    pub time_scale: &'a str,
    /// Time values: `2022` or `2022M05`.
    pub times: Vec<String>,
    /// Numbers as text; `".."` where missing.
    pub cells: Vec<Vec<String>>,
    /// Decimals.
    pub decimals: u8,
    /// Day of publication.
    pub updated: NaiveDate,
    /// Note under the table.
    pub note: &'a str,
}

impl PxTable<'_> {
    /// The file, UTF-8.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        let stamp = format!("{} 09:00", self.updated.format("%Y%m%d"));
        let mut line = |keyword: &str, value: String| {
            writeln!(out, "{keyword}={value};").expect("writing to a string cannot fail");
        };
        line("CHARSET", quoted("ANSI"));
        line("AXIS-VERSION", quoted("2013"));
        line("CODEPAGE", quoted("utf-8"));
        line("LANGUAGE", quoted("vi"));
        line("CREATION-DATE", quoted(&stamp));
        line("DECIMALS", self.decimals.to_string());
        line("SHOWDECIMALS", self.decimals.to_string());
        line("MATRIX", quoted(self.matrix));
        line("SUBJECT-CODE", quoted("TPHCM"));
        line("SUBJECT-AREA", quoted("Cục Thống kê TP. Hồ Chí Minh"));
        line("TITLE", quoted(self.title));
        line("CONTENTS", quoted(self.contents));
        line("UNITS", quoted(self.units));
        line("STUB", list(self.stub.iter().map(|v| v.name.as_str())));
        line("HEADING", quoted(self.time_name));
        for variable in &self.stub {
            line(
                &format!("VALUES(\"{}\")", variable.name),
                list(variable.values.iter().map(|(_, label)| label.as_str())),
            );
        }
        line(&format!("VALUES(\"{}\")", self.time_name), list(self.times.iter().map(String::as_str)));
        let times = list(self.times.iter().map(|t| t.as_str()).collect::<Vec<_>>().into_iter());
        line(
            &format!("TIMEVAL(\"{}\")", self.time_name),
            format!("TLIST({}),{}", self.time_scale, times.replace('M', "")),
        );
        for variable in &self.stub {
            line(&format!("CODES(\"{}\")", variable.name), list(variable.values.iter().map(|(code, _)| code.as_str())));
        }
        line(&format!("CODES(\"{}\")", self.time_name), list(self.times.iter().map(String::as_str)));
        line("LAST-UPDATED", quoted(&stamp));
        line("SOURCE", quoted("Cục Thống kê TP. Hồ Chí Minh (số liệu mẫu)"));
        line("NOTEX", quoted(self.note));
        out.push_str("DATA=\n");
        for row in &self.cells {
            let row: Vec<String> = row.iter().map(|c| if c == ".." { quoted(c) } else { c.clone() }).collect();
            out.push_str(&row.join(" "));
            out.push('\n');
        }
        out.push_str(";\n");
        out.into_bytes()
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "'"))
}

/// Quoted values separated by commas, broken into lines.
fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    let mut width = 0;
    for (i, value) in values.enumerate() {
        if i > 0 {
            out.push(',');
            if width > 160 {
                out.push('\n');
                width = 0;
            }
        }
        let value = quoted(value);
        width += value.chars().count();
        out.push_str(&value);
    }
    out
}

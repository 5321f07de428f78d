//! A small valid catalogue in memory, and what the check says when one of its lines is changed.

use std::collections::BTreeMap;

use super::{Catalog, Sources, load_sources};

const AREAS: &str = "\
code,name,kind,parent_code,valid_from,valid_to
79,Thành phố,city,,1976-07-02,
79-U,Không phân bổ,residual,79,1976-07-02,
760,Quận 1,district,79,2021-01-01,
26740,Phường Bến Nghé,ward,760,2021-01-01,
";
const CHANGES: &str = "date,from_code,to_code,kind,weight,weight_assumed\n";
const GROUPS: &str = "\
version = 1
group = [{ code = \"01\", name_vi = \"Dân số\", name_en = \"Population\" }]
";
const UNITS: &str = "\
version = 1
unit = [
    { code = \"percent\", label_vi = \"%\", label_en = \"percent\", family = \"share\", factor = 0.01, rate = true },
    { code = \"persons\", label_vi = \"người\", label_en = \"persons\", family = \"persons\", factor = 1 },
]
";
const ORG_UNITS: &str = "\
version = 1
[[org_unit]]
code = \"cuc_thong_ke\"
name_vi = \"Cục Thống kê\"
name_en = \"Statistics Office\"
kind = \"agency\"
valid_from = \"2015-01-01\"
";
const DIMENSIONS: &str = "\
version = 1
dimension = [
    { code = \"sex\", label_vi = \"Giới tính\", label_en = \"Sex\", members = [
        { code = \"male\", vi = \"Nam\", en = \"Male\" },
    ] },
    { code = \"section\", label_vi = \"Ngành 1\", label_en = \"Section\", members = [
        { code = \"C\", vi = \"C\", en = \"C\" },
    ] },
    { code = \"item\", label_vi = \"Ngành 2\", label_en = \"Item\", parent_dimension = \"section\", members = [
        { code = \"10\", vi = \"10\", en = \"10\", parent = \"C\" },
    ] },
    { code = \"field\", label_vi = \"Lĩnh vực\", label_en = \"Field\", open = true, members = [
        { code = \"noise\", vi = \"Tiếng ồn\", en = \"Noise\" },
    ] },
]
";

const CALENDAR: &str = "\
version = 1
weekend = [\"sat\", \"sun\"]
hours = [[\"07:30\", \"11:30\"], [\"13:00\", \"17:00\"]]
[[year]]
year = 2022
off = [\"2022-01-03\"]
";

const DEADLINES: &str = "\
version = 1
[[deadline]]
valid_from = \"2020-05-04\"
amount = 5
unit = \"working_day\"
basis = \"QĐ 1478\"
[[deadline]]
valid_from = \"2021-01-01\"
category = \"noise\"
priority = \"urgent\"
org = \"cuc_thong_ke\"
amount = 4
unit = \"working_hour\"
basis = \"proposal\"
proposed = true
";

/// code, unit, kind, area rule, freq, level, then the other keys.
const MEASURES: [[&str; 7]; 8] = [
    ["births", "persons", "flow", "sum", "M", "district", "dimensions = [\"sex\"]"],
    ["population", "persons", "stock", "sum", "A", "district", "carry_forward = 2"],
    ["yearly", "persons", "flow", "city_only", "A", "city", ""],
    ["score", "percent", "rate", "city_only", "M", "city", ""],
    [
        "price",
        "percent",
        "index",
        "city_only",
        "M",
        "city",
        "dimensions = [\"item\"]\nweight = \"share\"\ncomponents = \"item\"",
    ],
    ["share", "percent", "stock", "city_only", "A", "city", "dimensions = [\"item\"]\ncarry_forward = 10"],
    ["link", "percent", "link", "city_only", "M", "city", ""],
    ["hours", "persons", "record", "records", "M", "ward", ""],
];

/// code, unit, freq, level, formula, month to quarter, quarter to year, area roll-up, dimensions, input of the example.
const INDICATORS: [[&str; 10]; 7] = [
    ["0101", "persons", "M", "district", "sum(births)", "sum", "sum", "sum", "\"sex\"", "births = 7"],
    [
        "0102",
        "percent",
        "M",
        "district",
        "100 * sum(births) / avg(population)",
        "ratio_of_sums",
        "ratio_of_sums",
        "ratio_of_sums",
        "",
        "births = 7\npopulation = 100",
    ],
    ["0103", "percent", "M", "city", "last(score)", "last", "last", "city_only", "", "score = 7"],
    [
        "0104",
        "persons",
        "M",
        "city",
        "avg(wmean(price, share))",
        "avg",
        "avg",
        "city_only",
        "\"section\", \"item\"",
        "\"price|item=10\" = 7\n\"share|item=10\" = 1",
    ],
    ["0105", "persons", "M", "city", "avg(chain(link))", "chain_index", "chain_index", "city_only", "", "link = 100"],
    [
        "0106",
        "persons",
        "M",
        "ward",
        "median(hours)",
        "not_available",
        "not_available",
        "recompute_from_records",
        "",
        "\"hours#1\" = 7",
    ],
    ["0107", "persons", "A", "city", "sum(yearly)", "not_available", "not_available", "city_only", "", "yearly = 7"],
];

/// The group file of the fixture.
pub(super) fn group() -> String {
    let mut text = "version = 1\ngroup = \"01\"\n".to_owned();
    for [code, unit, kind, rule, freq, level, more] in MEASURES {
        text.push_str(&format!(
            "\n[[measure]]\ncode = \"{code}\"\nname_vi = \"{code}\"\nname_en = \"{code}\"\nunit = \"{unit}\"\n\
             kind = \"{kind}\"\narea_rule = \"{rule}\"\nfreq = \"{freq}\"\nlevel = \"{level}\"\n{more}\n"
        ));
    }
    for [code, unit, freq, level, formula, quarter, year, geo, dimensions, inputs] in INDICATORS {
        let period = if freq == "A" { "2022" } else { "2022-05" };
        text.push_str(&format!(
            "\n[[indicator]]\ncode = \"{code}\"\nname_vi = \"{code}\"\nname_en = \"{code}\"\nunit = \"{unit}\"\n\
             source = \"statistics_office\"\nowner = \"cuc_thong_ke\"\nfreq = \"{freq}\"\nlevel = \"{level}\"\n\
             dimensions = [{dimensions}]\nkind = \"count\"\nformula = \"{formula}\"\nmonth_to_quarter = \"{quarter}\"\n\
             quarter_to_year = \"{year}\"\ngeo_rollup = \"{geo}\"\ncomparisons = [\"prev_period\"]\n\
             direction = \"neutral\"\ndecimals = 1\nlegal_basis = \"-\"\ndefinition_vi = \"-\"\ndefinition_en = \"-\"\n\
             [indicator.example]\nperiod = \"{period}\"\nexpect = 7.0\n[indicator.example.inputs]\n{inputs}\n"
        ));
    }
    text
}

/// The files of the fixture.
pub(super) fn sources() -> Sources {
    let group = group();
    let files = [
        ("areas.csv", AREAS),
        ("area_changes.csv", CHANGES),
        ("groups.toml", GROUPS),
        ("units.toml", UNITS),
        ("org_units.toml", ORG_UNITS),
        ("dimensions.toml", DIMENSIONS),
        ("work_calendar.toml", CALENDAR),
        ("deadlines.toml", DEADLINES),
        ("group_01.toml", &group),
    ];
    let texts: BTreeMap<String, String> = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    Sources { folder: "indicators".to_owned(), texts }
}

/// The fixture, loaded.
pub(super) fn catalog() -> Catalog {
    load_sources(&sources()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A problem as a test sees it: the text at its place, its message, its hint.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// The line from the reported column on; empty for a problem of a whole file.
    pub(super) at: String,
    pub(super) message: String,
    pub(super) hint: String,
}

/// What the check says after one piece of a file's text (which must occur) is replaced by another, once.
pub(super) fn broken(file: &str, from: &str, to: &str) -> Vec<Seen> {
    let mut sources = sources();
    let text = sources.texts.get_mut(file).expect("a file of the fixture");
    assert!(text.contains(from), "the fixture has no {from:?}");
    *text = text.replacen(from, to, 1);
    let problems = match load_sources(&sources) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0,
    };
    let seen = |problem: super::Diagnostic| {
        let name = problem.file.trim_start_matches("indicators/");
        let line = sources.texts.get(name).and_then(|text| text.lines().nth(problem.line.wrapping_sub(1)));
        let at: String = line.unwrap_or_default().chars().skip(problem.column.saturating_sub(1)).collect();
        Seen { at, message: problem.message, hint: problem.hint.unwrap_or_default() }
    };
    problems.into_iter().map(seen).collect()
}

/// The one problem that a changed formula gives.
pub(super) fn broken_formula(from: &str, to: &str) -> Seen {
    let mut seen = broken("group_01.toml", &format!("formula = \"{from}\""), &format!("formula = \"{to}\""));
    assert_eq!(seen.len(), 1, "{from} -> {to}: {seen:?}");
    seen.remove(0)
}

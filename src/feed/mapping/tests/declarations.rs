//! Mapping files that are wrong: every problem at once, each with its place.

use super::*;
use crate::catalog::Diagnostics;

fn problems(text: &str) -> Vec<String> {
    let Err(Diagnostics(found)) = Mapping::load(Path::new("f.toml"), text, catalog()) else { panic!("accepted") };
    found.iter().map(|d| format!("{}: {} {}", d.line, d.message, d.hint.as_deref().unwrap_or("-"))).collect()
}

#[test]
fn all_problems_of_a_file_are_listed_with_their_lines() {
    let text = r#"version = 2
code = "Thu Vien"
name_vi = "Thử"
name_en = "Trial"
source = "department"
owner = "so_gtvtt"
format = "csv"
schedule = "30 6 * * *"
[connector]
kind = "files"
glob = "x/*"
[[map]]
value = "v"
measure = "retail_totl"
area = "790"
period = { column = "p" }
status = "Z"
[[map]]
area = "79"
measure = { column = "m", codes = { a = "retail_total", b = "no_such" } }
breakdown = { column = "d", as = "activty", codes = { g = "goods" } }
unit = "persons"
"#;
    let found = problems(text);
    let expected = [
        "1: version 2 of mapping files is not known",
        "2: \"Thu Vien\" is not a feed code",
        "6: unknown authority \"so_gtvtt\" Did you mean \"so_gtvt\"?",
        "8: \"30 6 * * *\" is not a schedule",
        "14: unknown measure \"retail_totl\" Did you mean \"retail_total\"?",
        "15: unknown area \"790\"",
        "17: unknown status \"Z\" Use A, B, P, E, F or M.",
        "18: the rule names no column of values",
        "18: the rule has no period",
        "20: unknown measure \"no_such\"",
        "21: unknown dimension \"activty\" Did you mean \"activity\"?",
    ];
    for start in expected {
        assert!(found.iter().any(|f| f.starts_with(start)), "{start}\nin {found:#?}");
    }
}

#[test]
fn tables_of_the_wrong_shape_do_not_hide_each_other() {
    let text = r#"version = 1
code = "a"
name_vi = "A"
name_en = "A"
source = "department"
owner = "so_gtvt"
format = "workbook"
colour = "red"
[connector]
kind = "files"
glob = "x/*"
[[map]]
mesure = "retail_total"
[[sheet]]
table = "t"
name = "{mont}"
labels = ["A"]
first = "x"
"#;
    let found = problems(text);
    assert!(found.iter().any(|f| f.starts_with("8: unknown field `colour`")), "{found:#?}");
    assert!(found.iter().any(|f| f.starts_with("13: unknown field `mesure`")), "{found:#?}");
    assert!(found.iter().any(|f| f.starts_with("16: unknown part {mont} in a pattern")), "{found:#?}");
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let one = |rest: &str| try_declare(rest).err().unwrap_or_else(|| panic!("accepted {rest}"));
    for (rest, part) in [
        (
            "format = \"csv\"\n---\n[[map]]\nvalue = \"v\"\narea = \"79\"\nperiod = { column = \"p\" }\nmeasure = \"retail_total\"\nunit = \"persons\"\n",
            "unit \"persons\" does not convert into \"vnd_billion\" of \"retail_total\"",
        ),
        (
            "format = \"csv\"\ncalendar = \"noon25\"\n---\n[[map]]\nvalue = \"v\"\narea = \"79\"\nperiod = { column = \"p\" }\nmeasure = \"retail_total\"\n",
            "is on another period calendar than this feed",
        ),
        (
            "format = \"csv\"\n---\n[[map]]\nvalue = \"v\"\narea = \"79\"\nperiod = { column = \"p\" }\nmeasure = \"population\"\nytd = \"difference\"\n",
            "does not accumulate",
        ),
        (
            "format = \"px\"\n---\n[[map]]\narea = \"79\"\nmeasure = \"retail_total\"\nvalue = \"v\"\n",
            "one value per cell",
        ),
        (
            "format = \"csv\"\nkind = \"targets\"\n---\n[[map]]\nvalue = \"v\"\narea = \"79\"\nperiod = \"2022\"\nmeasure = \"retail_total\"\n",
            "this feed brings values of a indicator",
        ),
        (
            "format = \"csv\"\n---\n[[map]]\nvalue = \"v\"\narea = { column = \"a\", codes = \"district\" }\nperiod = \"2022-05\"\nmeasure = \"retail_total\"\n",
            "there is no code list [codes.district]",
        ),
        (
            "format = \"workbook\"\n---\n[[skip]]\nwhere = { a = \"x\" }\n[[sheet]]\ntable = \"t\"\nname = \"*\"\nlabels = [\"A\"]\nfirst = \"x\"\n[[sheet.column]]\nheader = \"y\"\narea = \"79\"\nmeasure = \"retail_total\"\n",
            "which a [[sheet]] does not have",
        ),
        ("format = \"px\"\n---\n[table]\nheader = [\"a\"]\n", "[table] belongs to csv, json and workbook"),
    ] {
        let text = one(rest);
        assert!(text.contains(part), "{text}\nexpected {part}");
    }
}

#[test]
fn two_files_may_not_declare_one_feed() {
    let dir = tempfile::tempdir().unwrap();
    let text = "version = 1\ncode = \"a\"\nname_vi = \"A\"\nname_en = \"A\"\nsource = \"department\"\nowner = \"so_gtvt\"\nformat = \"px\"\n\
                [connector]\nkind = \"files\"\nglob = \"x/*\"\n[[map]]\narea = \"79\"\nmeasure = \"retail_total\"\n";
    for name in ["1.toml", "2.toml", "readme.md"] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let error = Mapping::load_dir(dir.path(), catalog()).unwrap_err().to_string();
    assert!(error.contains("2.toml: error: the feed \"a\" is declared in"), "{error}");
    assert_eq!(Mapping::load_dir(&dir.path().join("none"), catalog()).unwrap().len(), 0);
}

//! Numbers as people and tables write them.

use proptest::prelude::*;

use super::*;

fn auto(text: &str) -> NumberText {
    read_number(text, NumberStyle::Auto).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn reads_the_ways_of_writing_a_figure() {
    for (text, value) in [
        ("1.234,56", 1234.56),
        ("1 234,56", 1234.56),
        ("1\u{A0}234,56", 1234.56),
        ("1\u{202F}234\u{202F}567,8", 1_234_567.8),
        ("1,234.56", 1234.56),
        ("1.234", 1234.0),
        ("12.345.678", 12_345_678.0),
        ("1,234,567", 1_234_567.0),
        ("1,234", 1.234),
        ("12.5", 12.5),
        ("0.123", 0.123),
        ("1234.567", 1234.567),
        ("2022", 2022.0),
        ("-2,3", -2.3),
        ("− 2,3", -2.3),
        ("(2,3)", -2.3),
        ("(2,3%)", -2.3),
        ("+2,3", 2.3),
        ("6,5%", 6.5),
        ("6,5 %", 6.5),
        ("giảm 2,3", -2.3),
        ("Giảm 2,3%", -2.3),
        ("gia\u{309}m 2,3", -2.3),
        ("tăng 2,3", 2.3),
        ("12,5*", 12.5),
        ("12,5 (*)", 12.5),
        ("1.234 (1)", 1234.0),
        ("1.5E+05", 150_000.0),
        ("  7  ", 7.0),
    ] {
        assert_eq!(auto(text), NumberText::Value(value), "{text:?}");
    }
    assert_eq!(auto("gấp 1,6 lần"), NumberText::Times(1.6));
}

#[test]
fn signs_stand_for_what_is_not_a_number() {
    for (text, sign) in [
        ("-", NumberText::Zero),
        ("–", NumberText::Zero),
        ("...", NumberText::Missing),
        ("…", NumberText::Missing),
        ("..", NumberText::Missing),
        ("x", NumberText::NotApplicable),
        ("", NumberText::Blank),
        (" \u{A0} ", NumberText::Blank),
    ] {
        assert_eq!(auto(text), sign, "{text:?}");
    }
    assert_eq!(NumberText::Zero.value(), Some(0.0));
    assert_eq!(NumberText::Missing.value(), None);
}

#[test]
fn a_declared_style_leaves_no_choice() {
    let read = |t, s| read_number(t, s);
    assert_eq!(read("1.234", NumberStyle::English), Ok(NumberText::Value(1.234)));
    assert_eq!(read("1,234", NumberStyle::English), Ok(NumberText::Value(1234.0)));
    assert_eq!(read("1.234", NumberStyle::Vietnamese), Ok(NumberText::Value(1234.0)));
    assert!(matches!(read("12.5", NumberStyle::Vietnamese), Err(NumberError::Grouping { decimal: ',', .. })));
    assert!(matches!(read("12,5", NumberStyle::English), Err(NumberError::Grouping { decimal: '.', .. })));
    assert!(matches!(read("1.234,5", NumberStyle::English), Err(NumberError::Grouping { .. })));
}

#[test]
fn what_is_not_a_number_says_why() {
    let message = |text: &str| read_number(text, NumberStyle::Auto).unwrap_err().to_string();
    assert_eq!(message("#REF!"), "\"#REF!\" is a failed formula: it refers to a cell that is gone");
    assert_eq!(message("#DIV/0!"), "\"#DIV/0!\" is a failed formula: it divides by zero");
    assert_eq!(message("####"), "\"####\" is a failed formula: the column was too narrow to print the number");
    for bad in ["12.34.5", "1.2345,6", "1.234.5", "12 34", "1,2,3"] {
        assert!(matches!(read_number(bad, NumberStyle::Auto), Err(NumberError::Grouping { .. })), "{bad}");
    }
    for bad in
        ["abc", "12 tỷ", "giảm -2,3", "gấp 1,6", "1,6 lần", "tháng 5", "--2", "5-6", ",5", "5,", "1e", "lần", "٣"]
    {
        assert!(matches!(read_number(bad, NumberStyle::Auto), Err(NumberError::Unreadable(_))), "{bad}");
    }
}

#[test]
fn prints_both_styles() {
    assert_eq!(format_vi(1234.56, 2), "1.234,56");
    assert_eq!(format_en(1234.56, 2), "1,234.56");
    assert_eq!(format_vi(-1_234_567.0, 0), "-1.234.567");
    assert_eq!(format_vi(999.5, 0), "1.000");
    assert_eq!(format_vi(0.05, 1), "0,1");
    assert_eq!(format_vi(-0.004, 2), "0,00");
    assert_eq!(format_vi(-0.0, 0), "0");
    assert_eq!(format_vi(f64::NAN, 2), "...");
}

proptest! {
    #[test]
    fn reading_undoes_printing(units in -10_000_000_000i64..10_000_000_000, decimals in 0usize..4) {
        let value = units as f64 / 10f64.powi(decimals as i32);
        let printed = format_vi(value, decimals);
        let expected = NumberText::Value(value + 0.0);
        prop_assert_eq!(read_number(&printed, NumberStyle::Auto).unwrap(), expected);
        prop_assert_eq!(read_number(&printed, NumberStyle::Vietnamese).unwrap(), expected);
        prop_assert_eq!(read_number(&format_en(value, decimals), NumberStyle::English).unwrap(), expected);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,12}") {
        let _ = read_number(&text, NumberStyle::Auto);
    }
}

//! Workbooks with several header rows, made in the office's manner.

use rust_xlsxwriter::{Format, Workbook as Writer};

use super::*;

const RULES: &str = r#"
    [codes.activity]
    "Tổng số" = "_T"
    "Bán lẻ hàng hóa" = "goods"
    "Du lịch lữ hành" = "travel"
    [[sheet]]
    table = "bán lẻ"
    name = "*tongmuc"
    labels = ["A"]
    first = "Tổng số"
    last = "Du lịch lữ hành"
    current = { title = "*tháng {month} năm {year}*" }
    skip_rows = ["Trong đó*"]
    skip_columns = ["Cộng dồn*"]
    [sheet.all]
    area = "79"
    breakdown = { column = "label", as = "activity", codes = "activity" }
    status = { current = "E", earlier = "A" }
    [[sheet.column]]
    header = ["Thực hiện tháng {month}", "Ước tính tháng {month}"]
    measure = "retail_total"
    [[sheet.column]]
    header = "Ước tính tháng {month} so với*"
    measure = "retail_yoy_pct"
    optional = true
"#;

fn mapping() -> Mapping {
    declare(&format!("format = \"workbook\"\n---\n{RULES}"))
}

/// January 2023 beside December 2022: the headers name no year.
fn book(unit: &str, extra: Option<&str>) -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet().set_name("20. Tongmuc").unwrap();
    sheet.merge_range(0, 0, 0, 4, "20. Tổng mức bán lẻ tháng 1 năm 2023", &Format::new()).unwrap();
    sheet.write(1, 3, unit).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Thực hiện\ntháng 12", &Format::new()).unwrap();
    sheet.merge_range(2, 2, 2, 3, "Ước tính tháng 1", &Format::new()).unwrap();
    sheet.write(3, 3, "so với cùng kỳ (%)").unwrap();
    sheet.merge_range(2, 4, 3, 4, extra.unwrap_or("Cộng dồn"), &Format::new()).unwrap();
    let rows: [(&str, &[&str]); 6] = [
        ("TỔNG SỐ", &["1000", "900", "107.5", "900"]),
        ("Trong đó: ", &["1", "", "", ""]),
        ("1. Bán lẻ hàng hoá (*)", &["600", "-", "...", ""]),
        ("2. Sửa chữa", &["10", "", "", ""]),
        ("  Du lịch\nlữ hành", &["5,5", "#REF!", "x", ""]),
        ("(*) Ước tính", &["", "", "", "7"]),
    ];
    for (r, (label, cells)) in rows.iter().enumerate() {
        sheet.write(4 + r as u32, 0, *label).unwrap();
        for (c, text) in cells.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write(4 + r as u32, 1 + c as u16, number).unwrap(),
                Err(_) => sheet.write(4 + r as u32, 1 + c as u16, *text).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn last_month_is_official_beside_this_months_estimate() {
    let mapped = apply(&mapping(), &book("ĐVT: Tỷ đồng", None), "20-bieu.xlsx").unwrap();
    assert_eq!(
        lines(&mapped),
        [
            "retail_total 79 _T _T 2022-12 1000 A",
            "retail_total 79 _T activity=goods 2022-12 600 A",
            "retail_total 79 _T activity=travel 2022-12 5.5 A",
            "retail_total 79 _T _T 2023-01 900 E",
            "retail_total 79 _T activity=goods 2023-01 0 E",
            "retail_yoy_pct 79 _T _T 2023-01 107.5 E",
            "retail_yoy_pct 79 _T activity=goods 2023-01 ... M",
        ]
    );
    let rejected = rejections(&mapped);
    let expected = [
        "8 label \"2. Sửa chữa\": \"2. Sửa chữa\" is not in the code list",
        "9 C \"#REF!\": \"#REF!\" is a failed formula",
        "9 D \"x\": \"x\" says not applicable",
    ];
    assert_eq!(rejected.len(), expected.len(), "{rejected:?}");
    for (found, start) in rejected.iter().zip(expected) {
        assert!(found.starts_with(start), "{found}");
    }
    // Left out: the row "Trong đó" and the column "Cộng dồn".
    assert_eq!(mapped.counts.skipped, 2);
    assert!(mapped.notes.iter().any(|n| n.contains("newest month 2023-01")), "{:?}", mapped.notes);
}

#[test]
fn a_column_that_no_rule_claims_is_rejected_cell_by_cell() {
    let mapped = apply(&mapping(), &book("", Some("Kế hoạch năm")), "20-bieu.xlsx").unwrap();
    let unclaimed: Vec<_> = mapped.rejected.iter().filter(|r| r.column == "E").collect();
    assert_eq!(unclaimed.len(), 1);
    assert!(
        unclaimed[0].reason.contains("no rule claims the column headed \"kế hoạch năm\""),
        "{}",
        unclaimed[0].reason
    );
    assert_eq!(unclaimed[0].source_ref, "20-bieu.xlsx#20. Tongmuc!E5");
}

#[test]
fn another_scale_of_the_unit_is_a_slip() {
    let mapped = apply(&mapping(), &book("Đơn vị tính: Triệu đồng", None), "20-bieu.xlsx").unwrap();
    let slips =
        mapped.rejected.iter().filter(|r| r.reason.contains("the sheet is in \"triệu đồng\", and \"retail_total\""));
    assert_eq!(slips.count(), 7, "{:?}", rejections(&mapped));
    assert_eq!(
        lines(&mapped),
        ["retail_yoy_pct 79 _T _T 2023-01 107.5 E", "retail_yoy_pct 79 _T activity=goods 2023-01 ... M"]
    );
}

#[test]
fn every_missing_part_of_a_layout_is_named() {
    let mut book = Writer::new();
    let sheet = book.add_worksheet().set_name("20. Tongmuc").unwrap();
    sheet.write(0, 0, "Tổng số").unwrap();
    sheet.write(0, 1, 5).unwrap();
    let error = apply(&mapping(), &book.save_to_buffer().unwrap(), "a.xlsx").unwrap_err();
    assert!(error.to_string().contains("no row below is labelled \"du lịch lữ hành\""), "{error}");
    let mut other = Writer::new();
    other.add_worksheet().set_name("Sheet1").unwrap().write(0, 0, "x").unwrap();
    let error = apply(&mapping(), &other.save_to_buffer().unwrap(), "a.xlsx").unwrap_err();
    assert!(error.to_string().ends_with("no sheet has a name that the mapping knows"), "{error}");
}

#[test]
fn in_january_last_month_is_last_december() {
    let rules = r#"
        [[sheet]]
        table = "giá"
        name = "*"
        labels = ["A"]
        first = "CPI"
        [sheet.all]
        area = "VN"
        [[sheet.column]]
        header = "Tháng {month} năm {year} so với tháng {base_month} năm {base_year}"
        base = "previous"
        measure = "cpi_mom_pct"
        [[sheet.column]]
        header = "Tháng {month} năm {year} so với tháng {base_month} năm {base_year}"
        base = "december"
        measure = "cpi_vs_dec_pct"
        [[sheet.column]]
        header = "Tháng {month} năm {year} so với tháng {base_month} năm {base_year}"
        base = "year_ago"
        measure = "cpi_yoy_pct"
    "#;
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    for (column, base) in [(1, "tháng 12 năm 2022"), (2, "tháng 1 năm 2022")] {
        sheet.write(0, column, format!("Tháng 1 năm 2023 so với {base}")).unwrap();
        sheet.write(1, column, 100.25 + f64::from(column)).unwrap();
    }
    sheet.write(1, 0, "CPI").unwrap();
    let mapping = declare(&format!("format = \"workbook\"\n---\n{rules}"));
    let mapped = apply(&mapping, &book.save_to_buffer().unwrap(), "a.xlsx").unwrap();
    assert_eq!(
        lines(&mapped),
        [
            "cpi_mom_pct VN _T _T 2023-01 101.25 A",
            "cpi_vs_dec_pct VN _T _T 2023-01 101.25 A",
            "cpi_yoy_pct VN _T _T 2023-01 102.25 A",
        ]
    );
}

#[test]
fn a_sheet_with_one_header_row_is_a_table() {
    let rules = "[table]\nsheet = \"so lieu\"\nheader = [\"Mã\", \"Số\"]\n[[map]]\narea = { column = \"Mã\" }\n\
                 period = { sheet_name = \"so lieu\", file_name = \"*{year}-{month}*\" }\nvalue = \"Số\"\nmeasure = \"job_placements\"\n";
    let mut book = Writer::new();
    book.add_worksheet().set_name("Huong dan").unwrap().write(0, 0, "Mã").unwrap();
    let sheet = book.add_worksheet().set_name("So lieu").unwrap();
    for (row, (code, value)) in [("Mã", "Số"), ("760", "12")].iter().enumerate() {
        sheet.write(row as u32 + 2, 1, *code).unwrap();
        sheet.write(row as u32 + 2, 2, *value).unwrap();
    }
    let mapping = declare(&format!("format = \"workbook\"\n---\n{rules}"));
    let mapped = apply(&mapping, &book.save_to_buffer().unwrap(), "thu/2022-05.xlsx").unwrap();
    assert_eq!(lines(&mapped), ["job_placements 760 _T _T 2022-05 12 A"]);
    assert_eq!(mapped.observations[0].source_ref, "thu/2022-05.xlsx#So lieu!C4");
}

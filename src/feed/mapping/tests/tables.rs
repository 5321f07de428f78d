//! CSV and JSON tables with one header row.

use proptest::prelude::*;

use super::*;

const CSV: &str = "format = \"csv\"\n---\n";

fn csv(rules: &str, text: &str) -> Mapped {
    apply(&declare(&format!("{CSV}{rules}")), text.as_bytes(), "thu/bao_cao.csv").unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn a_long_table_with_codes_of_its_own() {
    let rules = r#"
        [all]
        area = { column = "quận", names = true, skip = ["Tổng"] }
        period = { column = "kỳ" }
        [[map]]
        where = { "chỉ_tiêu" = ["VL"] }
        value = "số"
        measure = "job_placements"
        breakdown = { column = "giới", as = "sex", codes = { "Nam" = "male", "Nữ" = "female", "Chung" = "_T" } }
        status = { column = "tt", codes = { "ct" = "A", "sb" = "P" } }
        note = "ghi chú"
        [[skip]]
        where = { "chỉ_tiêu" = ["KHÁC"] }
    "#;
    let text = "kỳ;quận;chỉ_tiêu;giới;số;tt;ghi chú\n\
                T5/2022;Quận 1;VL;Nam;1.234,5;ct;\n\
                Tháng 5 năm 2022;Q.3;VL;chung (*);-;sb;nộp trễ\n\
                2022-05;H. Cần Giờ;VL;Nữ;...;ct;\n\
                2022-05;Tổng;VL;Chung;99;ct;\n\
                2022-05;Quận 1;KHÁC;Chung;1;ct;\n\
                2022-05;Quận 1;VL;Chung;;ct;\n\
                2022-05;Quận 99;VL;Chung;5;ct;\n\
                tháng năm;Quận 1;VL;Chung;5;ct;\n\
                2022-05;Quận 1;VL;Khác;5;ct;\n\
                2022-05;Quận 1;VL;Chung;năm;ct;\n\
                2022-05;Quận 1;XX;Chung;5;ct;\n\
                2022-Q2;Quận 1;VL;Chung;5;ct;\n\
                5T/2022;Quận 1;VL;Chung;5;ct;\n\
                2022-05;Quận 1;VL;Chung;5;??;\n";
    let mapped = csv(rules, text);
    assert_eq!(
        lines(&mapped),
        [
            "job_placements 760 _T sex=male 2022-05 1234.5 A",
            "job_placements 770 _T _T 2022-05 0 P",
            "job_placements 787 _T sex=female 2022-05 ... M",
        ]
    );
    assert_eq!(mapped.observations[1].note.as_deref(), Some("nộp trễ"));
    assert_eq!(mapped.observations[0].source_ref, "thu/bao_cao.csv#E2");
    let c = mapped.counts;
    assert_eq!((c.read, c.mapped, c.rejected, c.skipped, c.blank), (14, 3, 8, 2, 1));
    let rejected = rejections(&mapped);
    for (i, start) in [
        "8 quận \"Quận 99\": ",
        "9 kỳ \"tháng năm\": \"tháng năm\" is not a period",
        "10 giới \"Khác\": \"Khác\" is not in the code list; add it",
        "11 số \"năm\": \"năm\" is not a number",
        "12 số \"5\": no rule of the mapping holds for this row",
        "13 period \"2022-Q2\": 2022-Q2 is a quarter, and the figure is due by month",
        "14 period \"2022-05\": the figure counts from January to month 5",
        "15 tt \"??\": \"??\" is not in the code list of the status",
    ]
    .iter()
    .enumerate()
    {
        assert!(rejected[i].starts_with(start), "{}\nexpected {start}", rejected[i]);
    }
}

#[test]
fn areas_are_those_of_the_period() {
    let rules = "[[map]]\narea = { column = \"a\" }\nperiod = { column = \"p\" }\nvalue = \"v\"\nmeasure = \"job_placements\"\n";
    let text = "a,p,v\n769,2020-12,1\n769,2021-01,2\n762,2021-01,3\n760,2025-07,4\n26734,2022-05,5\n79-U,2022-05,6\nVN,2022-05,7\n1,2022-05,8\n";
    let mapped = csv(rules, text);
    let codes: Vec<_> = mapped.observations.iter().map(|o| format!("{} {}", o.area, o.period)).collect();
    assert_eq!(codes, ["769 2020-12", "769 2021-01", "79-U 2022-05", "VN 2022-05"]);
    let rejected = rejections(&mapped);
    for (i, part) in [
        "area \"762\" does not exist on 2021-01-31",
        "area \"760\" does not exist on 2025-07-31",
        "area \"26734\" is a ward, and \"job_placements\" is reported by district",
        "unknown area \"1\"",
    ]
    .iter()
    .enumerate()
    {
        assert!(rejected[i].contains(part), "{}", rejected[i]);
    }
}

#[test]
fn columns_of_measures_and_units_of_the_source() {
    let rules = r#"
        [[map]]
        area = "79"
        period = { year = "năm", month = "tháng" }
        measure = { columns = { "bán lẻ" = "retail_total", "hàng hóa" = "retail_goods" } }
        scale = 0.001
    "#;
    let mapped = csv(rules, "năm,tháng,bán lẻ,hàng hóa\n2022,5,\"98840,5\",57757\n2022,Tháng 6,,x\n2022,13,1,2\n");
    assert_eq!(lines(&mapped), ["retail_total 79 _T _T 2022-05 98.8405 A", "retail_goods 79 _T _T 2022-05 57.757 A"]);
    assert_eq!((mapped.counts.read, mapped.counts.blank, mapped.counts.rejected), (6, 1, 3));
    let rejected = rejections(&mapped);
    assert!(rejected[0].starts_with("3 hàng hóa \"x\": \"x\" says not applicable"), "{}", rejected[0]);
    assert!(rejected[1].starts_with("4 năm \"2022\": \"13\" is not a month"), "{}", rejected[1]);
}

#[test]
fn a_shifted_row_is_rejected_whole() {
    let rules = "[[map]]\narea = { column = \"a\" }\nperiod = { column = \"p\" }\nmeasure = \
                 { columns = { nam = \"job_placements\", hồ_sơ = \"ui_claims_filed\" } }\n";
    let rules = rules.replace("hồ_sơ", "\"hồ_sơ\"");
    let mapped =
        csv(&rules, "a;p;ngành;nam;hồ_sơ\n760;2022-05;Bán buôn; bán lẻ;5;6\n770;2022-05;\"Bán buôn; bán lẻ\";7;8\n");
    assert_eq!(lines(&mapped), ["ui_claims_filed 770 _T _T 2022-05 8 A", "job_placements 770 _T _T 2022-05 7 A"]);
    let rejected = rejections(&mapped);
    assert_eq!(rejected.len(), 2);
    assert!(rejected.iter().all(|r| r.contains("the row has more cells than the header")), "{rejected:?}");
}

#[test]
fn months_across_and_merged_labels_down() {
    let rules = r#"
        [table]
        header = ["Quận", "T1"]
        fill_down = ["Quận"]
        unpivot = { columns = "T{month}", name = "tháng", value = "số" }
        [[map]]
        area = { column = "Quận", names = true }
        breakdown = { column = "Loại", as = "sex", codes = { "Nam" = "male", "Chung" = "_T" } }
        period = { column = "tháng", pattern = "T{month}", file_name = "*_{year}.csv" }
        value = "số"
        measure = "job_placements"
    "#;
    let mapping = declare(&format!("{CSV}{rules}"));
    let text = "Giải quyết việc làm\n\nQuận,Loại,T1,T2,Ghi chú\nQuận 1,Chung,10,20,x\n,Nam,4,\n\"Quận 03\",Chung,\"1.000\",7\n";
    let mapped = apply(&mapping, text.as_bytes(), "/drop/thu/viec_lam_2022.csv").unwrap();
    assert_eq!(
        lines(&mapped),
        [
            "job_placements 760 _T _T 2022-01 10 A",
            "job_placements 760 _T _T 2022-02 20 A",
            "job_placements 760 _T sex=male 2022-01 4 A",
            "job_placements 770 _T _T 2022-01 1000 A",
            "job_placements 770 _T _T 2022-02 7 A",
        ]
    );
    assert_eq!(mapped.observations[1].source_ref, "/drop/thu/viec_lam_2022.csv#D4");
    assert_eq!((mapped.counts.read, mapped.counts.blank), (6, 1));
}

#[test]
fn sums_since_january_are_taken_apart_only_when_declared() {
    let rules = "[[map]]\narea = \"79\"\nperiod = { column = \"p\" }\nvalue = \"v\"\nmeasure = \"retail_total\"\n";
    let text = "p,v\nT1/2022,10\n2T/2022,25\nLũy kế 3 tháng năm 2022,45\n5T/2022,100\n";
    let refused = csv(rules, text);
    assert_eq!(lines(&refused), ["retail_total 79 _T _T 2022-01 10 A"]);
    let apart = csv(&format!("{rules}ytd = \"difference\"\n"), text);
    assert_eq!(
        lines(&apart),
        [
            "retail_total 79 _T _T 2022-01 10 A",
            "retail_total 79 _T _T 2022-02 15 A",
            "retail_total 79 _T _T 2022-03 20 A",
        ]
    );
    assert!(rejections(&apart)[0].contains("that of 2022-04 is not in the file"));
}

#[test]
fn each_row_may_bring_its_vintage() {
    let top = "format = \"csv\"\npublished = { from = \"column\", column = \"ngày\", time = \"09:00\" }\n---\n";
    let rules = "[[map]]\narea = \"79\"\nperiod = { column = \"p\" }\nvalue = \"v\"\nmeasure = \"retail_total\"\n";
    let mapping = declare(&format!("{top}{rules}"));
    let text = "p,v,ngày\n2022-05,1,29/5/2022\n2022-05,2,29/6/2022\n2022-05,3,mai\n2022-05,4,1/1/2030\n";
    let mapped = apply(&mapping, text.as_bytes(), "a.csv").unwrap();
    let vintages: Vec<_> = mapped.observations.iter().map(|o| o.vintage.to_string()).collect();
    assert_eq!(vintages, ["2022-05-29T09:00:00+07:00", "2022-06-29T09:00:00+07:00"]);
    assert_eq!(mapped.published, None);
    assert!(rejections(&mapped)[0].contains("\"mai\" is not a date"));
    assert!(rejections(&mapped)[1].contains("after the pull"));
}

#[test]
fn targets_are_plan_values_of_indicators() {
    let top = "format = \"csv\"\nkind = \"targets\"\n---\n";
    let rules = "[[map]]\nindicator = { column = \"chỉ tiêu\" }\narea = { column = \"nơi\" }\nperiod = { column = \"kỳ\" }\nvalue = \"kế hoạch\"\n";
    let mapping = declare(&format!("{top}{rules}"));
    let text = "chỉ tiêu,nơi,kỳ,kế hoạch\n1001,79,2022,\"1.100.000\"\n1001,79,2022-05,95000\n9999,79,2022,1\n1001,79,2022,...\n0101,79,2022-05,1\n";
    let mapped = apply(&mapping, text.as_bytes(), "kh.csv").unwrap();
    let targets: Vec<_> = mapped
        .targets
        .iter()
        .map(|t| format!("{} {} {} {}", t.target.indicator, t.target.area, t.target.period, t.target.value))
        .collect();
    assert_eq!(targets, ["1001 79 2022 1100000", "1001 79 2022-05 95000"]);
    assert_eq!(mapped.targets[0].source_ref, "kh.csv#D2");
    let rejected = rejections(&mapped);
    assert!(rejected[0].contains("unknown indicator \"9999\""), "{}", rejected[0]);
    assert!(rejected[1].contains("a plan value is missing"), "{}", rejected[1]);
    assert!(rejected[2].contains("has no values by M"), "{}", rejected[2]);
}

#[test]
fn records_of_a_json_service() {
    let top = "format = \"json\"\n---\n[table]\nrows = \"data\"\n";
    let rules = "[[map]]\narea = { column = \"maDonVi\" }\nperiod = { column = \"ngay\", pattern = \"{date}\" }\nvalue = \"soLuong.tong\"\nmeasure = \"job_placements\"\n";
    let mapping = declare(&format!("{top}{rules}"));
    let text = r#"{"code": 0, "data": [
        {"maDonVi": 760, "ngay": "20220531", "soLuong": {"tong": 12.125}},
        {"maDonVi": "770", "ngay": "20220531", "soLuong": {"tong": "13,5"}},
        {"maDonVi": "770", "ngay": "20220630", "soLuong": {"tong": null}},
        {"maDonVi": "770", "ngay": "20220732", "soLuong": {"tong": true}}
    ]}"#;
    let mapped = apply(&mapping, text.as_bytes(), "https://x.vn/a?b=1").unwrap();
    assert_eq!(
        lines(&mapped),
        ["job_placements 760 _T _T 2022-05 12.125 A", "job_placements 770 _T _T 2022-05 13.5 A"]
    );
    assert!(rejections(&mapped)[0].contains("the cell holds a truth value"));
    let empty = apply(&mapping, br#"{"data": []}"#, "x").unwrap();
    assert_eq!(empty.rows_read(), 0, "an empty answer is for the contract to judge");
}

#[test]
fn a_column_that_is_gone_refuses_the_whole_file() {
    let rules = "[[map]]\narea = \"79\"\nperiod = { column = \"p\" }\nvalue = \"v\"\nmeasure = \"retail_total\"\n";
    let mapping = declare(&format!("{CSV}{rules}"));
    let error = apply(&mapping, "kỳ,giá trị\n2022-05,1\n".as_bytes(), "a.csv").unwrap_err();
    assert_eq!(error.to_string(), "a.csv: no column or dimension \"p\", \"v\"; found \"kỳ\", \"giá trị\"");
}

proptest! {
    #[test]
    fn every_value_is_accounted_for(rows in proptest::collection::vec(
        ("(2022-0[1-9]|T5/2022|5T/2022|x|)", "(79|760|769|999|Tổng|)", "(-?[0-9]{1,4}([.,][0-9]{1,3})?|-|\\.\\.\\.|x|#REF!|)"), 0..40))
    {
        let rules = "[all]\narea = { column = \"a\", skip = [\"Tổng\"] }\nperiod = { column = \"p\" }\n[[map]]\nvalue = \"v\"\n\
                     measure = \"job_placements\"\nytd = \"difference\"\n";
        let mut text = "p;a;v\n".to_owned();
        for (p, a, v) in &rows {
            text.push_str(&format!("{p};{a};{v}\n"));
        }
        let mapped = csv(rules, &text);
        prop_assert!(mapped.rows_read() <= rows.len());
        let mut keys: Vec<_> = mapped.observations.iter().map(|o| (o.area.clone(), o.period)).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), all, "one value per key");
    }
}

//! Statistical tables: dimensions instead of columns.

use super::*;

const PX: &str = "CHARSET=\"ANSI\";\nAXIS-VERSION=\"2010\";\nCODEPAGE=\"utf-8\";\nMATRIX=\"T1\";\nLANGUAGE=\"vi\";\n\
    CREATION-DATE=\"20220601 09:00\";\nLAST-UPDATED=\"20220629 08:30\";\nDECIMALS=1;\nTITLE=\"Tổng mức\";\nCONTENTS=\"Tổng mức\";\n\
    UNITS=\"tỷ đồng\";\nSTUB=\"Hoạt động\";\nHEADING=\"Chỉ tiêu\",\"Tháng\";\n\
    VALUES(\"Hoạt động\")=\"Chung\",\"Hàng hóa\",\"Khác\";\nCODES(\"Hoạt động\")=\"T\",\"G\",\"X\";\n\
    VALUES(\"Chỉ tiêu\")=\"Bán lẻ\",\"Số hộ\";\nCODES(\"Chỉ tiêu\")=\"BL\",\"SH\";\n\
    VALUES(\"Tháng\")=\"2022M04\",\"2022M05\";\nCODES(\"Tháng\")=\"2022M04\",\"2022M05\";\nTIMEVAL(\"Tháng\")=TLIST(M1),\"202204\",\"202205\";\n\
    DATA=\n90.5 91.5 1 2\n50 \"..\" 3 4\n7 8 5 6;\n";

#[test]
fn a_px_file_is_mapped_by_dimensions() {
    let rules = r#"
        [[map]]
        where = { "Chỉ tiêu" = "BL" }
        measure = "retail_total"
        area = "79"
        breakdown = { dimension = "Hoạt động", as = "activity", codes = { T = "_T", G = "goods" } }
        [[skip]]
        where = { "Chỉ tiêu" = "SH" }
    "#;
    let top = "format = \"px\"\npublished = { from = \"updated\" }\n---\n";
    let mapped = apply(&declare(&format!("{top}{rules}")), PX.as_bytes(), "a.px").unwrap();
    assert_eq!(
        lines(&mapped),
        [
            "retail_total 79 _T _T 2022-04 90.5 A",
            "retail_total 79 _T _T 2022-05 91.5 A",
            "retail_total 79 _T activity=goods 2022-04 50 A",
            "retail_total 79 _T activity=goods 2022-05 ... M",
        ]
    );
    assert_eq!(mapped.published.unwrap().to_string(), "2022-06-29T08:30:00+07:00");
    assert_eq!((mapped.counts.skipped, mapped.counts.rejected), (6, 2));
    assert!(
        rejections(&mapped)[0].contains("Hoạt động \"X\": \"X\" is not in the code list"),
        "{:?}",
        rejections(&mapped)
    );
}

#[test]
fn a_dimension_that_is_gone_or_another_format_refuses_the_file() {
    let rules = "[[map]]\nwhere = { \"Vùng\" = \"1\" }\nmeasure = \"retail_total\"\narea = \"79\"\n";
    let mapping = declare(&format!("format = \"px\"\n---\n{rules}"));
    let error = apply(&mapping, PX.as_bytes(), "a.px").unwrap_err();
    assert!(error.to_string().starts_with("a.px: no column or dimension \"Vùng\"; found"), "{error}");
    let error = apply(&mapping, b"<html>".as_slice(), "a.px").unwrap_err();
    assert!(matches!(error, MappingError::Format(_)), "{error}");
}

//! The General Statistics Office's monthly workbooks, by the mapping file alone. The expected values were read from the
//! cells by other programs (openpyxl, xlrd).

use rust_xlsxwriter::Workbook as Writer;

use super::*;
use crate::domain::{Breakdown, ObsStatus};

fn mapping() -> Mapping {
    let feeds = Mapping::load_dir(&root().join("indicators/feeds"), catalog()).unwrap_or_else(|e| panic!("{e}"));
    feeds.into_iter().find(|f| f.mapping.code == "gso_monthly").expect("indicators/feeds/gso_monthly.toml").mapping
}

/// The real workbook of this name; `None` where the real files are not at hand.
fn real(name: &str) -> Option<Mapped> {
    let path = root().join("../shared/data/gso/xlsx").join(name);
    let bytes = std::fs::read(path).ok()?;
    Some(apply(&mapping(), &bytes, &format!("gso/{name}")).unwrap_or_else(|e| panic!("{e}")))
}

#[derive(Clone, Copy)]
struct Expected {
    measure: &'static str,
    breakdown: &'static str,
    period: &'static str,
    value: f64,
    status: ObsStatus,
    cell: &'static str,
}

fn expect(mapped: &Mapped, file: &str, all: &[Expected]) {
    for e in all {
        let breakdown: Breakdown = e.breakdown.parse().unwrap();
        let found: Vec<&Observation> = mapped
            .observations
            .iter()
            .filter(|o| &*o.measure == e.measure && o.breakdown == breakdown && o.period.to_string() == e.period)
            .collect();
        let what = format!("{} {} {}", e.measure, e.breakdown, e.period);
        assert_eq!(found.len(), 1, "{what}");
        let o = found[0];
        assert_eq!((o.value, o.status, &*o.area, &*o.org), (Some(e.value), e.status, "VN", "_T"), "{what}");
        assert_eq!(o.source_ref, format!("gso/{file}#{}", e.cell), "{what}");
    }
}

fn at(
    measure: &'static str,
    breakdown: &'static str,
    period: &'static str,
    value: f64,
    letter: &str,
    cell: &'static str,
) -> Expected {
    Expected { measure, breakdown, period, value, status: letter.parse().unwrap(), cell }
}

#[test]
fn takes_iip_and_cpi_out_of_the_workbook_of_2024() {
    let file = "2024-05-29-02-Bieu-so-lieu-T5.2024-1.xlsx";
    let Some(mapped) = real(file) else { return };
    assert_eq!(rejections(&mapped), Vec::<String>::new());
    assert_eq!(mapped.published.unwrap().to_string(), "2024-05-29T00:00:00+07:00");
    // IIP: 38 rows of 4 columns. CPI: 12 rows of 5 columns; left out are 5 parts of groups and two prices of 5, and
    // core inflation of 3.
    assert_eq!((mapped.counts.mapped, mapped.counts.skipped), (38 * 4 + 12 * 5, 7 * 5 + 3));
    expect(
        &mapped,
        file,
        &[
            at("iip_yoy_pct", "_T", "2024-04", 107.39, "A", "2.IIP!B9"),
            at("iip_mom_pct", "_T", "2024-05", 103.85, "E", "2.IIP!C9"),
            at("iip_yoy_pct", "_T", "2024-05", 108.86673089188899, "E", "2.IIP!D9"),
            at("iip_ytd_yoy_pct", "_T", "2024-05", 106.75552730267891, "E", "2.IIP!E9"),
            at("iip_yoy_pct", "industry_vsic1=B", "2024-04", 95.04, "A", "2.IIP!B10"),
            at("iip_yoy_pct", "industry_vsic2=16", "2024-04", 118.79, "A", "2.IIP!B23"),
            at("iip_mom_pct", "industry_vsic2=19", "2024-05", 150.55, "E", "2.IIP!C26"),
            at("iip_yoy_pct", "industry_vsic2=26", "2024-05", 117.39742057936178, "E", "2.IIP!D33"),
            at("iip_yoy_pct", "industry_vsic1=D", "2024-04", 113.93, "A", "2.IIP!B41"),
            at("iip_yoy_pct", "industry_vsic2=35", "2024-04", 113.93, "A", "2.IIP!B42"),
            at("iip_ytd_yoy_pct", "industry_vsic2=38", "2024-05", 106.33, "E", "2.IIP!E46"),
            at("cpi_base_2019_pct", "_T", "2024-05", 115.19699086324185, "A", "16.CPI!D9"),
            at("cpi_yoy_pct", "_T", "2024-05", 104.44414047502313, "A", "16.CPI!E9"),
            at("cpi_vs_dec_pct", "_T", "2024-05", 101.23705503549041, "A", "16.CPI!F9"),
            at("cpi_mom_pct", "_T", "2024-05", 100.0469, "A", "16.CPI!G9"),
            at("cpi_avg_yoy_pct", "_T", "2024-05", 104.03205208958187, "A", "16.CPI!H9"),
            at("cpi_yoy_pct", "coicop_group=06", "2024-05", 107.40864569274602, "A", "16.CPI!E18"),
            at("cpi_mom_pct", "coicop_group=11", "2024-05", 100.2008, "A", "16.CPI!G25"),
        ],
    );
}

#[test]
fn takes_them_out_of_the_workbook_of_2023_whose_first_quarter_counts_from_january() {
    let file = "2023-03-29-02-Bieu-T3.2023-3.xlsx";
    let Some(mapped) = real(file) else { return };
    assert_eq!(rejections(&mapped), Vec::<String>::new());
    assert_eq!(mapped.published.unwrap().to_string(), "2023-03-29T00:00:00+07:00");
    assert_eq!((mapped.counts.mapped, mapped.counts.skipped), (37 * 4 + 12 * 5, 7 * 5 + 3));
    expect(
        &mapped,
        file,
        &[
            at("iip_yoy_pct", "_T", "2023-02", 107.23, "A", "7.IIP!B10"),
            at("iip_mom_pct", "_T", "2023-03", 109.62, "E", "7.IIP!C10"),
            at("iip_yoy_pct", "_T", "2023-03", 98.4, "E", "7.IIP!D10"),
            at("iip_ytd_yoy_pct", "_T", "2023-03", 97.75, "E", "7.IIP!E10"),
            at("iip_yoy_pct", "industry_vsic2=16", "2023-02", 122.43, "A", "7.IIP!B24"),
            at("iip_yoy_pct", "industry_vsic1=D", "2023-03", 101.75, "E", "7.IIP!D42"),
            at("iip_yoy_pct", "industry_vsic2=37", "2023-03", 105.44, "E", "7.IIP!D45"),
            at("cpi_yoy_pct", "_T", "2023-03", 103.35099530335003, "A", "24.CPI!E9"),
            at("cpi_vs_dec_pct", "coicop_group=09", "2023-03", 97.57512311846135, "A", "24.CPI!F22"),
            at("cpi_mom_pct", "_T", "2023-03", 99.7741, "A", "24.CPI!G9"),
            at("cpi_avg_yoy_pct", "coicop_group=11", "2023-03", 103.34597956177662, "A", "24.CPI!H25"),
        ],
    );
}

#[test]
fn takes_them_out_of_the_old_workbook_of_2014_whose_headers_name_both_years() {
    let file = "2014-06-27-Bieu-6-2014-2.xls";
    let Some(mapped) = real(file) else { return };
    assert_eq!(rejections(&mapped), Vec::<String>::new());
    assert_eq!(mapped.published.unwrap().to_string(), "2014-06-27T00:00:00+07:00");
    // CPI: 4 columns of 12 rows; left out are the column on the 2009 base (12 rows) and 7 rows of 5 columns.
    assert_eq!((mapped.counts.mapped, mapped.counts.skipped), (28 * 4 + 12 * 4, 12 + 7 * 5));
    expect(
        &mapped,
        file,
        &[
            at("iip_ytd_yoy_pct", "_T", "2014-05", 105.72475699564434, "A", "IIP!B9"),
            at("iip_mom_pct", "_T", "2014-06", 100.4907252361842, "E", "IIP!C9"),
            at("iip_yoy_pct", "_T", "2014-06", 106.09525045392382, "E", "IIP!D9"),
            at("iip_ytd_yoy_pct", "_T", "2014-06", 105.7599888393322, "E", "IIP!E9"),
            at("iip_ytd_yoy_pct", "industry_vsic2=26", "2014-05", 121.42, "A", "IIP!B28"),
            at("iip_yoy_pct", "industry_vsic1=D", "2014-06", 110.06574203585555, "E", "IIP!D33"),
            at("iip_yoy_pct", "industry_vsic2=12", "2014-06", 88.36201727032862, "E", "IIP!D17"),
            at("cpi_yoy_pct", "_T", "2014-06", 104.98217034620802, "A", "CPI!E10"),
            at("cpi_vs_dec_pct", "_T", "2014-06", 101.38396103840658, "A", "CPI!F10"),
            at("cpi_mom_pct", "_T", "2014-06", 100.3, "A", "CPI!G10"),
            at("cpi_avg_yoy_pct", "_T", "2014-06", 104.77197072588801, "A", "CPI!H10"),
            at("cpi_yoy_pct", "coicop_group=03", "2014-06", 104.15449505261249, "A", "CPI!E17"),
        ],
    );
}

/// A workbook in the office's layout, for one month: IIP of the month before and of this month.
fn monthly(before: u32, this: u32, official: f64, estimate: f64) -> Vec<u8> {
    let mut book = Writer::new();
    let iip = book.add_worksheet().set_name("2.IIP").unwrap();
    iip.write(0, 0, "2. Chỉ số sản xuất công nghiệp").unwrap();
    for (column, lines) in [
        (1, [format!("Tháng {before}"), "năm 2024 so với".to_owned(), "cùng kỳ năm trước".to_owned()]),
        (2, [format!("Tháng {this}"), "năm 2024 so với".to_owned(), "tháng trước".to_owned()]),
        (3, [format!("Tháng {this}"), "năm 2024 so với".to_owned(), "cùng kỳ năm trước".to_owned()]),
    ] {
        for (row, text) in lines.iter().enumerate() {
            iip.write(2 + row as u32, column, text).unwrap();
        }
    }
    iip.write(6, 0, "Toàn ngành công nghiệp").unwrap();
    for (column, value) in [(1, official), (2, 102.5), (3, estimate)] {
        iip.write(6, column, value).unwrap();
    }
    let cpi = book.add_worksheet().set_name("16.CPI").unwrap();
    cpi.write(0, 0, "16. Chỉ số giá tiêu dùng").unwrap();
    for (column, month, year) in [(3, this, 2023), (4, 12, 2023), (5, before, 2024)] {
        cpi.write(1, column, format!("Tháng {this} năm 2024 so với: Tháng {month} năm {year}")).unwrap();
        cpi.write(2, column, 100.5).unwrap();
    }
    cpi.write(2, 0, "CHỈ SỐ GIÁ TIÊU DÙNG").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn the_next_workbook_makes_the_estimate_official_as_a_newer_vintage() {
    let mapping = mapping();
    let may = apply(&mapping, &monthly(4, 5, 107.4, 108.9), "gso/2024-05-29-Bieu.xlsx").unwrap();
    let june = apply(&mapping, &monthly(5, 6, 106.8, 110.2), "gso/2024-06-29-Bieu.xlsx").unwrap();
    let of_may = |mapped: &Mapped| {
        let found =
            mapped.observations.iter().find(|o| &*o.measure == "iip_yoy_pct" && o.period.to_string() == "2024-05");
        let o = found.expect("2024-05 stands in both");
        (o.value.unwrap(), o.status, o.vintage)
    };
    let (estimate, official) = (of_may(&may), of_may(&june));
    assert_eq!((estimate.0, estimate.1), (108.9, ObsStatus::E));
    assert_eq!((official.0, official.1), (106.8, ObsStatus::A));
    assert!(official.2 > estimate.2);
}

#[test]
fn another_layout_is_refused_as_a_whole() {
    let mut book = Writer::new();
    let sheet = book.add_worksheet().set_name("2.IIP").unwrap();
    sheet.write(0, 0, "2. Chỉ số sản xuất công nghiệp").unwrap();
    sheet.write(1, 1, "Tháng 5 năm 2024").unwrap();
    sheet.write(2, 0, "Toàn ngành công nghiệp").unwrap();
    sheet.write(2, 1, 100.0).unwrap();
    let error = apply(&mapping(), &book.save_to_buffer().unwrap(), "gso/2024-05-29-x.xlsx").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("table \"iip\" is not there: sheet \"2.IIP\": no column is headed"), "{text}");
    assert!(text.contains("(headers: \"tháng 5 năm 2024\")"), "{text}");
}

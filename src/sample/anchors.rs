//! Published figures of Ho Chi Minh City that the sample carries exactly.
//!
//! Sums and levels of measures stand here and are forced onto the generated series (`rake`); growth rates of
//! industry, prices and GRDP are met by the levels in their own modules and stand here to be tested and told.

use crate::domain::{Freq, Period};

/// The months a figure covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// One month.
    Month(i32, i32),
    /// One quarter.
    Quarter(i32, i32),
    /// January to a month.
    Ytd(i32, i32),
    /// A year.
    Year(i32),
}

impl Span {
    /// First and last month, as indices of [`Period::index`].
    pub fn months(self) -> (i32, i32) {
        match self {
            Span::Month(y, m) => (y * 12 + m - 1, y * 12 + m - 1),
            Span::Quarter(y, q) => (y * 12 + 3 * q - 3, y * 12 + 3 * q - 1),
            Span::Ytd(y, m) => (y * 12, y * 12 + m - 1),
            Span::Year(y) => (y * 12, y * 12 + 11),
        }
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        let (Span::Month(y, _) | Span::Quarter(y, _) | Span::Ytd(y, _) | Span::Year(y)) = self;
        y
    }

    /// Whether a period lies in it.
    pub fn holds(self, period: Period) -> bool {
        let (first, last) = self.months();
        first <= period.first_month() && period.last_month() <= last
    }

    /// As people write it: `5/2022`, `quý IV/2022`, `5 tháng 2022`, `2021`.
    pub fn label(self) -> String {
        match self {
            Span::Month(y, m) => format!("{m}/{y}"),
            Span::Quarter(y, q) => format!("quý {}/{y}", ["I", "II", "III", "IV"][(q - 1) as usize]),
            Span::Ytd(y, m) => format!("{m} tháng {y}"),
            Span::Year(y) => y.to_string(),
        }
    }
}

/// What the published number is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// The indicator itself: sum of a flow, level of a stock.
    Value(f64),
    /// Percent on the same period of last year.
    OnYear(f64),
    /// Percent on the previous month.
    OnMonth(f64),
    /// Percent on December of last year.
    OnDecember(f64),
}

/// How sure the figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Read in a published source.
    Published,
    /// Follows from published figures.
    Derived,
    /// Published to the given precision only, or from memory.
    Approximate,
}

/// One published figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// Indicator code.
    pub indicator: &'static str,
    /// Measure that carries it.
    pub measure: &'static str,
    /// Months it covers.
    pub span: Span,
    /// The number, in the measure's unit or percent.
    pub figure: Figure,
    /// How sure it is.
    pub grade: Grade,
    /// Who published it and when, and what is particular about it.
    pub source: &'static str,
}

const STATISTICS: &str = "Cục Thống kê TP.HCM, báo cáo của kỳ đó";

/// One row of [`ANCHORS`].
const fn at(
    indicator: &'static str,
    measure: &'static str,
    span: Span,
    figure: Figure,
    source: &'static str,
) -> Anchor {
    Anchor { indicator, measure, span, figure, grade: Grade::Published, source }
}

/// A row that follows from published figures.
const fn derived(
    indicator: &'static str,
    measure: &'static str,
    span: Span,
    figure: Figure,
    source: &'static str,
) -> Anchor {
    Anchor { indicator, measure, span, figure, grade: Grade::Derived, source }
}

/// A row that is known only roughly.
const fn about(
    indicator: &'static str,
    measure: &'static str,
    span: Span,
    figure: Figure,
    source: &'static str,
) -> Anchor {
    Anchor { indicator, measure, span, figure, grade: Grade::Approximate, source }
}

use Figure::{OnDecember, OnMonth, OnYear, Value};
use Span::{Month, Quarter, Year, Ytd};

const TO_20_DECEMBER: &str = "Sở Kế hoạch và Đầu tư; số công bố tính đến 20/12/2022, mẫu dùng làm số cả năm";
const TO_15_DECEMBER: &str = "Sở Kế hoạch và Đầu tư; số công bố tính đến 15/12/2021, mẫu dùng làm số cả năm";
const TOURISM: &str = "Sở Du lịch, số công bố của kỳ đó";
const FINANCE: &str = "Sở Tài chính, báo cáo 5 tháng 2022: 54,28% dự toán 386.568";
const FINANCE_YEAR: &str = "công bố ngày 28/12/2022";
const ROUNDED_USD: &str = "Cục Thống kê TP.HCM; số công bố làm tròn theo tỷ USD";
const OFFICE_29: &str = "Tổng cục Thống kê, 29/12/2021 (ước lần đầu)";

/// All anchors within 2019-2022.
pub static ANCHORS: &[Anchor] = &[
    at("0101", "population", Year(2019), Value(9_038_600.0), STATISTICS),
    at("0101", "population", Year(2020), Value(9_227_600.0), STATISTICS),
    at("0101", "population", Year(2021), Value(9_166_840.0), STATISTICS),
    about("0101", "population", Year(2022), Value(9_390_000.0), "khoảng 9.390 nghìn người"),
    at("0206", "ui_claims_filed", Year(2021), Value(122_127.0), "Sở Lao động - Thương binh và Xã hội, cả năm 2021"),
    at("0301", "enterprises_new", Year(2021), Value(30_829.0), TO_15_DECEMBER),
    at("0301", "enterprises_new", Year(2022), Value(44_369.0), TO_20_DECEMBER),
    at("0302", "enterprises_new_capital", Year(2021), Value(517_695.0), TO_15_DECEMBER),
    at("0302", "enterprises_new_capital", Year(2022), Value(472_559.0), TO_20_DECEMBER),
    at("0404", "fdi_registered", Year(2022), Value(3_940.0), "3,94 tỷ USD năm 2022 (số làm tròn)"),
    derived("0404", "fdi_registered", Year(2021), Value(3_738.14), "suy từ 3,94 tỷ USD năm 2022, tăng 5,4%"),
    at("0501", "grdp_current", Year(2021), Value(1_298_791.0), OFFICE_29),
    at("0501", "grdp_current", Year(2022), Value(1_479_227.0), "ước cả năm 2022"),
    at("0502", "grdp_const2010", Year(2022), Value(1_021_894.0), "ước cả năm 2022"),
    derived("0502", "grdp_const2010", Year(2021), Value(937_259.0), "suy từ 1.021.894 và mức tăng 9,03% của năm 2022"),
    at("0503", "grdp_const2010", Quarter(2022, 1), OnYear(1.87), STATISTICS),
    at("0503", "grdp_const2010", Quarter(2022, 2), OnYear(5.73), STATISTICS),
    at("0503", "grdp_const2010", Ytd(2022, 6), OnYear(3.82), STATISTICS),
    at("0503", "grdp_const2010", Year(2021), OnYear(-5.36), "số điều chỉnh công bố sau 29/12/2021"),
    at("0503", "grdp_const2010", Year(2022), OnYear(9.03), "ước cả năm 2022"),
    at("0601", "budget_revenue", Ytd(2022, 5), Value(209_824.5), FINANCE),
    at("0601", "budget_revenue", Year(2022), Value(471_562.0), FINANCE_YEAR),
    at(
        "0601",
        "budget_revenue",
        Year(2021),
        Value(383_703.0),
        "số công bố cuối năm 2021 (số của năm 2022 ngầm định 381.522)",
    ),
    at("0602", "domestic_revenue", Year(2022), Value(330_115.0), FINANCE_YEAR),
    at("0901", "iip_value", Ytd(2021, 4), OnYear(9.7), STATISTICS),
    at("0901", "iip_value", Year(2021), OnYear(-14.3), STATISTICS),
    at("0901", "iip_value", Month(2022, 5), OnYear(9.0), STATISTICS),
    at("0901", "iip_value", Month(2022, 5), OnMonth(6.5), STATISTICS),
    at("0901", "iip_value", Ytd(2022, 5), OnYear(2.6), STATISTICS),
    at("0901", "iip_value", Year(2022), OnYear(13.9), STATISTICS),
    at("1001", "retail_total", Year(2021), Value(822_592.0), STATISTICS),
    at("1001", "retail_total", Month(2022, 8), Value(98_840.0), STATISTICS),
    at("1001", "retail_total", Ytd(2022, 8), Value(746_570.0), STATISTICS),
    at("1001", "retail_total", Quarter(2022, 4), Value(285_574.0), STATISTICS),
    at("1002", "retail_goods", Month(2022, 5), Value(57_757.0), STATISTICS),
    at("1002", "retail_goods", Ytd(2022, 5), Value(275_967.0), STATISTICS),
    at("1004", "exports_value", Ytd(2022, 5), Value(20_700.0), ROUNDED_USD),
    at("1004", "exports_value", Ytd(2022, 8), Value(31_750.0), ROUNDED_USD),
    at("1005", "imports_value", Ytd(2022, 5), Value(28_400.0), ROUNDED_USD),
    at("1005", "imports_value", Ytd(2022, 8), Value(43_200.0), ROUNDED_USD),
    at("1101", "cpi_value", Year(2021), OnYear(2.36), STATISTICS),
    at("1101", "cpi_value", Month(2022, 1), OnMonth(0.25), STATISTICS),
    at("1101", "cpi_value", Month(2022, 1), OnYear(1.42), STATISTICS),
    at("1101", "cpi_value", Month(2022, 5), OnMonth(0.22), STATISTICS),
    at("1101", "cpi_value", Month(2022, 5), OnYear(2.30), STATISTICS),
    at("1101", "cpi_value", Month(2022, 5), OnDecember(2.32), STATISTICS),
    at("1101", "cpi_value", Month(2022, 12), OnMonth(-0.07), STATISTICS),
    at("1101", "cpi_value", Month(2022, 12), OnYear(4.92), STATISTICS),
    at("1101", "cpi_value", Year(2022), OnYear(2.73), STATISTICS),
    at("1701", "visitors_international", Year(2021), Value(0.0), TOURISM),
    at("1701", "visitors_international", Month(2022, 5), Value(147_362.0), TOURISM),
    at("1701", "visitors_international", Ytd(2022, 6), Value(478_000.0), TOURISM),
    at("1701", "visitors_international", Year(2022), Value(3_500_000.0), TOURISM),
    at("1702", "visitors_domestic", Year(2021), Value(9_300_000.0), TOURISM),
    at("1702", "visitors_domestic", Month(2022, 5), Value(2_150_000.0), TOURISM),
    at("1702", "visitors_domestic", Ytd(2022, 6), Value(11_000_000.0), TOURISM),
    at("1702", "visitors_domestic", Year(2022), Value(25_000_000.0), TOURISM),
    at("1703", "tourism_receipts", Month(2022, 5), Value(10_371.0), TOURISM),
    at("1703", "tourism_receipts", Ytd(2022, 6), Value(49_681.0), TOURISM),
    at("1703", "tourism_receipts", Year(2022), Value(120_000.0), TOURISM),
    about("1801", "income_per_capita_month", Year(2022), Value(6_390.0), "khoảng 6,39 triệu đồng một tháng"),
];

/// The sums that a measure must meet within a year, the shorter first.
pub fn sums_of(measure: &str, year: i32) -> Vec<(Span, f64)> {
    let mut sums: Vec<(Span, f64)> = ANCHORS
        .iter()
        .filter(|a| a.measure == measure && a.span.year() == year)
        .filter_map(|a| match a.figure {
            Value(value) => Some((a.span, value)),
            OnYear(_) | OnMonth(_) | OnDecember(_) => None,
        })
        .collect();
    sums.sort_by_key(|(span, _)| (span.months().1 - span.months().0, span.months().0));
    sums
}

/// Whether a published figure ends with this period: the first estimate of the period is then the figure itself, so
/// that what was known at release agrees with what was published.
pub fn ends_with(measure: &str, period: Period) -> bool {
    debug_assert!(period.freq() != Freq::A);
    ANCHORS.iter().any(|a| a.measure == measure && a.span.months().1 == period.last_month())
}

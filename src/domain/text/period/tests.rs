//! Period labels as people and tables write them.

use proptest::prelude::*;

use super::*;
use crate::domain::Freq;

fn read(text: &str) -> PeriodLabel {
    read_period(text, None).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn reads_months_quarters_and_years() {
    for (text, period) in [
        ("Tháng 5/2022", "2022-05"),
        ("T5/2022", "2022-05"),
        ("T5-2022", "2022-05"),
        ("Tháng 05 năm 2022", "2022-05"),
        ("tha\u{301}ng 5 na\u{306}m 2022", "2022-05"),
        ("THÁNG 5\u{A0}NĂM 2022", "2022-05"),
        ("05/2022", "2022-05"),
        ("5/2022", "2022-05"),
        ("2022-05", "2022-05"),
        ("2022M05", "2022-05"),
        ("2022-M05", "2022-05"),
        ("May 2022", "2022-05"),
        ("Tháng 12/2022", "2022-12"),
        ("Quý II/2022", "2022-Q2"),
        ("QII/2022", "2022-Q2"),
        ("Quý 2 năm 2022", "2022-Q2"),
        ("Quý IV năm 2021", "2021-Q4"),
        ("Q3/2021", "2021-Q3"),
        ("2022Q2", "2022-Q2"),
        ("2022-Q2", "2022-Q2"),
        ("Q2 2022", "2022-Q2"),
        ("Năm 2021", "2021"),
        ("2021", "2021"),
        ("Cả năm 2021", "2021"),
        ("năm học 2021-2022", "2021"),
        ("Năm học 2021 – 2022", "2021"),
    ] {
        let label = read(text);
        assert_eq!((label.period.to_string().as_str(), label.ytd, label.status), (period, false, None), "{text}");
    }
}

#[test]
fn months_counted_from_january_are_year_to_date() {
    for (text, period) in [
        ("5T/2022", "2022-05"),
        ("5 tháng 2022", "2022-05"),
        ("5 tháng/2022", "2022-05"),
        ("5 tháng đầu năm 2022", "2022-05"),
        ("6 tháng đầu năm 2022", "2022-06"),
        ("6 tháng năm 2022", "2022-06"),
        ("9 tháng năm 2022", "2022-09"),
        ("5 tháng năm năm 2024", "2024-05"),
        ("Cộng dồn 5 tháng/2022", "2022-05"),
        ("Lũy kế tháng 5/2022", "2022-05"),
        ("Luỹ kế đến tháng 5/2022", "2022-05"),
        ("Lũy kế đến hết quý II/2022", "2022-Q2"),
        ("Cộng dồn từ đầu năm đến hết tháng 5 năm 2022", "2022-05"),
        ("First 5 months of 2022", "2022-05"),
    ] {
        let label = read(text);
        assert_eq!((label.period.to_string().as_str(), label.ytd), (period, true), "{text}");
    }
    assert!(!read("Lũy kế năm 2022").ytd, "the year to its end is the year");
}

#[test]
fn words_of_status_are_kept() {
    for (text, period, ytd, status) in [
        ("Ước tháng 5/2022", "2022-05", false, ObsStatus::E),
        ("Ước tính tháng 5 năm 2022", "2022-05", false, ObsStatus::E),
        ("Ước thực hiện tháng 5/2022", "2022-05", false, ObsStatus::E),
        ("Tháng 5/2022 (ước tính)", "2022-05", false, ObsStatus::E),
        ("Ước 5 tháng/2022", "2022-05", true, ObsStatus::E),
        ("Sơ bộ 2021", "2021", false, ObsStatus::P),
        ("Sơ bộ - Prel. 2021", "2021", false, ObsStatus::P),
        ("Sơ bộ 2021 - Prel. 2021", "2021", false, ObsStatus::P),
        ("Thực hiện tháng 4/2022", "2022-04", false, ObsStatus::A),
        ("Chính thức quý I/2022", "2022-Q1", false, ObsStatus::A),
        ("Dự báo năm 2023", "2023", false, ObsStatus::F),
    ] {
        let label = read(text);
        assert_eq!((label.period.to_string().as_str(), label.ytd, label.status), (period, ytd, Some(status)), "{text}");
    }
}

#[test]
fn the_context_completes_a_label_without_a_year() {
    let label = read_period("Ước tháng 5", Some(2022)).unwrap();
    assert_eq!((label.period.to_string().as_str(), label.status), ("2022-05", Some(ObsStatus::E)));
    assert_eq!(read_period("QII", Some(2022)).unwrap().period.to_string(), "2022-Q2");
    assert_eq!(read_period("Quý I năm", Some(2023)).unwrap().period.to_string(), "2023-Q1");
    assert_eq!(read_period("6 tháng", Some(2022)).unwrap().period.to_string(), "2022-06");
    assert_eq!(read_period("Tháng 12/2021", Some(2022)).unwrap().period.to_string(), "2021-12");
    assert_eq!(read_period("Tháng 5", None), Err(PeriodLabelError::NoYear("Tháng 5".into())));
}

#[test]
fn what_is_not_a_period_is_refused() {
    for bad in [
        "",
        "2021-2022",
        "25/5/2022",
        "5/22",
        "So với cùng kỳ (%)",
        "Tháng 4/2022 so với tháng 3/2022",
        "Tổng số",
        "6 tháng cuối năm 2022",
        "Kế hoạch năm 2022",
        "12345",
        "5",
        "Quý",
        "tháng năm 2022",
        "Ước tính sơ bộ 2022",
        "Cùng kỳ năm 2021",
        "May",
        "2022 - 2023 - 2024",
        "T5/2022 + T6/2022",
        "II/2022",
    ] {
        let result = read_period(bad, None);
        assert!(
            matches!(result, Err(PeriodLabelError::Unreadable(_) | PeriodLabelError::NoYear(_))),
            "{bad}: {result:?}"
        );
    }
    for bad in ["Tháng 13/2022", "Q5/2022", "0/2022", "năm học 2021-2023", "13 tháng/2022"] {
        assert!(matches!(read_period(bad, None), Err(PeriodLabelError::NoSuchPeriod(_))), "{bad}");
    }
}

#[test]
fn prints_in_both_languages() {
    let label = |text: &str, ytd: bool| PeriodLabel { period: text.parse().unwrap(), ytd, status: None };
    assert_eq!(period_vi("2022-05".parse().unwrap()), "Tháng 5/2022");
    assert_eq!(period_vi("2022-Q2".parse().unwrap()), "Quý II/2022");
    assert_eq!(period_vi("2022".parse().unwrap()), "Năm 2022");
    assert_eq!(period_en("2022-05".parse().unwrap()), "May 2022");
    assert_eq!(label_vi(label("2022-05", true)), "5 tháng đầu năm 2022");
    assert_eq!(label_en(label("2022-05", true)), "First 5 months of 2022");
    let estimated = PeriodLabel { status: Some(ObsStatus::E), ..label("2022-05", false) };
    assert_eq!(label_vi(estimated), "Ước tính tháng 5/2022");
    assert_eq!(label_en(estimated), "Estimated May 2022");
}

proptest! {
    #[test]
    fn reading_undoes_printing(
        year in 1000i32..9999, month in 1i32..=12, which in 0usize..3, cumulative in any::<bool>(), status in 0usize..5,
    ) {
        let period = Period::month(year, month).unwrap().to_freq(Freq::ALL[which]).unwrap();
        let status = [None, Some(ObsStatus::A), Some(ObsStatus::P), Some(ObsStatus::E), Some(ObsStatus::F)][status];
        let label = PeriodLabel { period, ytd: cumulative && period.freq() != Freq::A, status };
        prop_assert_eq!(read_period(&label_vi(label), None).unwrap(), label);
        prop_assert_eq!(read_period(&label_en(label), None).unwrap(), label);
        prop_assert_eq!(read_period(&period.to_string(), None).unwrap().period, period);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,16}", year in proptest::option::of(1i32..9999)) {
        let _ = read_period(&text, year);
    }
}

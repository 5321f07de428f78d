//! GRDP by quarter with its vintages.
//!
//! Growth of 2021 was told three times: -5.06 % (the city, mid-December 2021), -6.78 % (the office, 29/12/2021) and
//! -5.36 % (after revision). Year totals and the growth of 2022 are published (see [`super::anchors`]); how a year
//! splits into quarters and sectors is synthetic, and so is everything about 2019 and 2020.

use chrono::NaiveDate;

use super::cell::Cell;
use super::noise::Noise;
use super::split::split;
use crate::domain::{ObsStatus, Period};

/// A quarter's value as it was known from a day on: year, quarter, (constant 2010 prices, current prices), day, status.
type Vintage = (i32, i32, (i64, i64), (i32, u32, u32), ObsStatus);

use ObsStatus::{A, E, P};

/// The quarters of 2019 to 2022 as they became known.
const VINTAGES: [Vintage; 36] = [
    (2019, 1, (228_400, 299_600), (2019, 3, 29), E),
    (2019, 2, (238_900, 311_800), (2019, 6, 29), E),
    (2019, 3, (249_700, 328_600), (2019, 9, 29), E),
    (2019, 4, (260_300, 344_700), (2019, 12, 29), E),
    (2019, 1, (228_900, 300_100), (2020, 3, 29), A),
    (2019, 2, (239_400, 312_400), (2020, 3, 29), A),
    (2019, 3, (249_100, 327_800), (2020, 3, 29), A),
    (2019, 4, (260_750, 345_300), (2020, 3, 29), A),
    (2020, 1, (230_400, 308_900), (2020, 3, 29), E),
    (2020, 2, (238_800, 317_500), (2020, 6, 29), E),
    (2020, 3, (253_100, 343_200), (2020, 9, 29), E),
    (2020, 4, (268_100, 360_500), (2020, 12, 29), E),
    (2020, 1, (231_042, 309_800), (2021, 3, 29), P),
    (2020, 2, (237_983, 316_500), (2021, 3, 29), P),
    (2020, 3, (253_849, 344_200), (2021, 3, 29), P),
    (2020, 4, (268_723, 361_400), (2021, 3, 29), P),
    (2021, 1, (241_670, 329_400), (2021, 3, 29), E),
    (2021, 2, (251_072, 337_200), (2021, 6, 29), E),
    (2021, 3, (190_640, 278_600), (2021, 9, 29), E),
    // The city's own figure, two weeks before the office's.
    (2021, 4, (258_040, 371_900), (2021, 12, 15), E),
    (2021, 4, (240_985, 353_591), (2021, 12, 29), E),
    (2020, 1, (230_750, 309_800), (2022, 3, 29), A),
    (2020, 2, (237_682, 316_500), (2022, 3, 29), A),
    (2020, 3, (253_528, 344_200), (2022, 3, 29), A),
    (2020, 4, (268_382, 361_400), (2022, 3, 29), A),
    (2021, 1, (243_300, 329_400), (2022, 3, 29), P),
    (2021, 2, (248_400, 337_200), (2022, 3, 29), P),
    (2021, 3, (195_400, 278_600), (2022, 3, 29), P),
    (2021, 4, (250_159, 353_591), (2022, 3, 29), P),
    (2022, 1, (247_850, 344_700), (2022, 3, 29), E),
    (2022, 2, (262_633, 371_500), (2022, 6, 29), E),
    (2022, 3, (252_000, 368_900), (2022, 9, 29), E),
    (2022, 1, (247_850, 344_700), (2022, 12, 29), P),
    (2022, 2, (262_633, 371_500), (2022, 12, 29), P),
    (2022, 3, (252_000, 368_900), (2022, 12, 29), P),
    (2022, 4, (259_411, 394_127), (2022, 12, 29), E),
];

/// A sector: code, label, share of GRDP, how hard the pandemic hit it.
pub struct Sector {
    /// Member code.
    pub code: &'static str,
    /// Label of the source.
    pub label: &'static str,
    share: f64,
}

/// The parts of GRDP.
pub static SECTORS: [Sector; 4] = [
    Sector { code: "agriculture", label: "Nông, lâm nghiệp và thủy sản", share: 0.006 },
    Sector { code: "industry_construction", label: "Công nghiệp và xây dựng", share: 0.228 },
    Sector { code: "services", label: "Dịch vụ", share: 0.637 },
    Sector { code: "net_product_taxes", label: "Thuế sản phẩm trừ trợ cấp sản phẩm", share: 0.129 },
];

/// One release of GRDP: its day and the quarters it (re)states.
pub struct Release {
    /// Day of publication.
    pub published: NaiveDate,
    /// Totals and sectors.
    pub cells: Vec<Cell>,
}

/// All releases up to a day, in order. After 2022 a quarter is six percent above the year before and is not revised.
pub fn releases(seed: u64, until: NaiveDate) -> Vec<Release> {
    let mut vintages: Vec<Vintage> = VINTAGES.to_vec();
    let last_year = chrono::Datelike::year(&until);
    for year in 2023..=last_year {
        for quarter in 1..=4 {
            let (_, _, (constant, current), ..) = *vintages
                .iter()
                .rev()
                .find(|v| v.0 == year - 1 && v.1 == quarter)
                .expect("every year has its quarters");
            vintages.push((
                year,
                quarter,
                (constant * 106 / 100, current * 109 / 100),
                (year, quarter as u32 * 3, 29),
                E,
            ));
        }
    }
    let mut releases: Vec<Release> = Vec::new();
    vintages.sort_by_key(|v| v.3);
    for (year, quarter, (constant, current), (y, m, d), status) in vintages {
        let published = NaiveDate::from_ymd_opt(y, m, d).expect("the table holds real days");
        if published > until {
            break;
        }
        let period = Period::quarter(year, quarter).expect("quarters are 1..=4");
        if releases.last().is_none_or(|r| r.published != published) {
            releases.push(Release { published, cells: Vec::new() });
        }
        let cells = &mut releases.last_mut().expect("just pushed").cells;
        for (measure, total) in [("grdp_const2010", constant), ("grdp_current", current)] {
            let stated = Cell::of_city(measure, period, total, 0, published).status(status);
            cells.extend(with_sectors(seed, stated));
        }
    }
    releases
}

/// A total with its sectors.
fn with_sectors(seed: u64, total: Cell) -> Vec<Cell> {
    let mut noise = Noise::new(seed, &format!("{}/{}", total.measure, total.period));
    let weights: Vec<f64> = SECTORS.iter().map(|s| s.share * noise.factor(0.01)).collect();
    let ticks = split(total.ticks.unwrap_or_default(), &weights);
    let sector =
        |(s, ticks): (&Sector, i64)| Cell { ticks: Some(ticks), ..total.clone() }.member("economic_sector", s.code);
    let sectors: Vec<Cell> = SECTORS.iter().zip(ticks).map(sector).collect();
    std::iter::once(total).chain(sectors).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sum of a year at constant prices as known on a day: the newest vintage of the firmest status.
    fn known(year: i32, day: (i32, u32, u32)) -> i64 {
        (1..=4)
            .map(|q| {
                let rows = VINTAGES.iter().filter(|v| v.0 == year && v.1 == q && v.3 <= day);
                rows.max_by_key(|v| (v.4.rank(), v.3)).expect("known by then").2.0
            })
            .sum()
    }

    #[test]
    fn growth_of_2021_was_told_three_times() {
        let growth = |day| (known(2021, day) as f64 / known(2020, day) as f64 - 1.0) * 100.0;
        assert_eq!(format!("{:.2}", growth((2021, 12, 15))), "-5.06");
        assert_eq!(format!("{:.2}", growth((2021, 12, 29))), "-6.78");
        assert_eq!(format!("{:.2}", growth((2022, 3, 29))), "-5.36");
        assert_eq!(known(2021, (2021, 12, 29)), 924_367);
    }

    /// The current-price GRDP of a year as known at its end.
    fn current_of_year(year: i32) -> i64 {
        let newest = |q| VINTAGES.iter().rfind(|v| v.0 == year && v.1 == q && v.3.0 == year);
        (1..=4).map(|q| newest(q).expect("known at the year's end").2.1).sum()
    }

    #[test]
    fn current_prices_of_2021_are_the_published_ones() {
        assert_eq!(current_of_year(2021), 1_298_791);
        assert_eq!(current_of_year(2022), 1_479_227);
    }
}

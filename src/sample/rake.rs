//! Forcing published sums onto a generated year.

use super::anchors::Span;
use super::split::split;
use crate::domain::Period;

/// Ticks of the base periods of one year: `weights` are the course, `total` the sum of the year, `sums` what parts of
/// the year must add up to (shorter spans first). Spans must be nested or apart; what an earlier span fixed stays.
pub fn rake(periods: &[Period], weights: &[f64], total: i64, sums: &[(Span, i64)]) -> Vec<i64> {
    let mut ticks: Vec<Option<i64>> = vec![None; periods.len()];
    let whole_year = (Span::Year(periods[0].year()), total);
    for (span, sum) in sums.iter().chain([&whole_year]) {
        let inside: Vec<usize> = (0..periods.len()).filter(|i| span.holds(periods[*i])).collect();
        let fixed: i64 = inside.iter().filter_map(|i| ticks[*i]).sum();
        let open: Vec<usize> = inside.into_iter().filter(|i| ticks[*i].is_none()).collect();
        let shares = split(sum - fixed, &open.iter().map(|i| weights[*i]).collect::<Vec<f64>>());
        for (i, share) in open.into_iter().zip(shares) {
            ticks[i] = Some(share);
        }
    }
    ticks.into_iter().map(|t| t.expect("the year's own span holds every period")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Freq;

    #[test]
    fn every_published_sum_is_met() {
        let months: Vec<Period> = Period::year_of(2022).unwrap().children(Freq::M).collect();
        let sums = [(Span::Month(2022, 5), 90), (Span::Ytd(2022, 5), 400), (Span::Quarter(2022, 4), 310)];
        let ticks = rake(&months, &[1.0; 12], 1_000, &sums);
        assert_eq!(ticks[4], 90);
        assert_eq!(ticks[..5].iter().sum::<i64>(), 400);
        assert_eq!(ticks[9..].iter().sum::<i64>(), 310);
        assert_eq!(ticks.iter().sum::<i64>(), 1_000);
        // What is left, 290, is shared by June to September: largest remainder.
        assert_eq!(ticks[5..9], [73, 73, 72, 72]);
    }
}

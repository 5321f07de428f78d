//! Quantiles of records: median handling time, 90th percentile.

/// The `q`-quantile (0 to 1) of values in any order, by linear interpolation between order statistics (the definition of
/// spreadsheets and of most statistics packages); `None` without values or with one that is not a number.
///
/// ```
/// use toancanh::analytics::quantile::quantile;
/// assert_eq!(quantile(&[10.0, 2.0, 4.0, 8.0], 0.5), Some(6.0));
/// assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0.9), Some(5.5));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = (sorted.len() - 1) as f64 * q.clamp(0.0, 1.0);
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    Some(sorted[below] + (position - position.floor()) * (sorted[above] - sorted[below]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_and_a_single_value_need_no_interpolation() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.0), Some(1.0));
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 1.0), Some(3.0));
        assert_eq!(quantile(&[7.0], 0.9), Some(7.0));
        assert_eq!(quantile(&[1.0, f64::NAN], 0.5), None);
    }
}

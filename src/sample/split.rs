//! Splitting a whole into parts that add up to it exactly.
//!
//! All figures of the sample are whole numbers of their last decimal ("ticks"), so that totals and parts agree to the
//! digit and not merely within rounding.

/// Shares `total` ticks among `weights` by largest remainder; parts add up to `total` exactly. Weights that are zero
/// get nothing; with no positive weight everything goes to the first part. Ties go to the earlier part.
pub fn split(total: i64, weights: &[f64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        let mut parts = vec![0; weights.len()];
        parts[0] = total;
        return parts;
    }
    let exact: Vec<f64> = weights.iter().map(|w| total as f64 * w / sum).collect();
    let mut parts: Vec<i64> = exact.iter().map(|x| x.floor() as i64).collect();
    let missing = total - parts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).filter(|i| weights[*i] > 0.0).collect();
    order.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())).then(a.cmp(b)));
    for i in order.iter().cycle().take(missing.max(0) as usize) {
        parts[*i] += 1;
    }
    parts
}

/// A value in ticks of `decimals` decimals, halves away from zero.
pub fn to_ticks(value: f64, decimals: u8) -> i64 {
    (value * scale(decimals)).round() as i64
}

/// The value of ticks.
pub fn from_ticks(ticks: i64, decimals: u8) -> f64 {
    ticks as f64 / scale(decimals)
}

fn scale(decimals: u8) -> f64 {
    (0..decimals).fold(1.0, |s, _| s * 10.0)
}

/// Ticks as a plain decimal number with a given decimal mark, without needless zeros at the end.
pub fn decimal_text(ticks: i64, decimals: u8, mark: char) -> String {
    let unit = (0..decimals).fold(1i64, |s, _| s * 10);
    let (whole, part) = (ticks.abs() / unit, ticks.abs() % unit);
    let sign = if ticks < 0 { "-" } else { "" };
    let part = format!("{part:0width$}", width = decimals as usize);
    match if decimals == 0 { "" } else { part.trim_end_matches('0') } {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}{mark}{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_follow_the_weights() {
        assert_eq!(split(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(split(7, &[5.0, 0.0, 2.0]), [5, 0, 2]);
        assert_eq!(split(0, &[1.0, 2.0]), [0, 0]);
        assert_eq!(split(3, &[0.0, 0.0]), [3, 0]);
        assert_eq!(split(-3, &[1.0, 1.0]).iter().sum::<i64>(), -3);
    }

    #[test]
    fn ticks_print_as_people_write_them() {
        assert_eq!(decimal_text(2_098_245, 1, ','), "209824,5");
        assert_eq!(decimal_text(-70, 2, '.'), "-0.7");
        assert_eq!(decimal_text(1200, 2, '.'), "12");
        assert_eq!(decimal_text(5, 0, '.'), "5");
        assert_eq!(from_ticks(to_ticks(209_824.5, 1), 1), 209_824.5);
    }
}

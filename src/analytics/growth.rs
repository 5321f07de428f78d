//! Growth as it is published: percent for amounts, percentage points for rates, nothing over a base that is not positive.

/// A change against a base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Growth {
    /// Percent of the base.
    Percent(f64),
    /// Difference of two rates.
    Points(f64),
}

/// Growth of `value` over `base`; `None` ("n/a") for an amount over a base that is zero or negative.
///
/// ```
/// use toancanh::analytics::growth::{Growth, growth};
/// assert_eq!(growth(110.0, 100.0, false), Some(Growth::Percent(10.000000000000009)));
/// assert_eq!(growth(4.5, 4.0, true), Some(Growth::Points(0.5)));
/// assert_eq!(growth(147_362.0, 0.0, false), None);
/// ```
pub fn growth(value: f64, base: f64, rate: bool) -> Option<Growth> {
    if rate {
        return Some(Growth::Points(value - base));
    }
    (base > 0.0).then(|| Growth::Percent((value / base - 1.0) * 100.0))
}

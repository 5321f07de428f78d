//! Unit of measure (never geography, never an authority).

/// A unit of measure as declared in `indicators/units.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Code, such as `vnd_billion`.
    pub code: String,
    /// Vietnamese label, "tỷ đồng".
    pub label_vi: String,
    /// English label, "billion VND".
    pub label_en: String,
    /// Factor to the base unit of its family (tỷ đồng = 1e9 đồng), to catch unit slips and scale for reading.
    pub factor: f64,
    /// Family of units that convert into each other: `vnd`, `usd`, `persons`, `percent`, ...
    pub family: String,
    /// Whether values are rates: growth of a rate is in percentage points.
    pub rate: bool,
}

//! The words of the field as types: a value that exists is valid. No I/O, no clock, no Arrow.

pub mod area;
pub mod case;
pub mod clock;
pub mod indicator;
pub mod measure;
pub mod observation;
pub mod org_unit;
pub mod period;
pub mod scope;
pub mod target;
pub mod text;
pub mod unit;
pub mod vintage;
pub mod work_calendar;

pub use area::{Area, AreaIx, AreaKind, AreaTree};
pub use case::{CaseRecord, Moment};
pub use clock::Clock;
pub use indicator::{Comparison, Direction, GeoRollup, Indicator, Source, TimeRollup};
pub use measure::{AreaRule, Measure, MeasureKind};
pub use observation::{Breakdown, ObsStatus, Observation, TOTAL};
pub use org_unit::OrgUnit;
pub use period::{Freq, Period, PeriodCalendar};
pub use scope::Scope;
pub use target::Target;
pub use unit::Unit;
pub use vintage::Vintage;
pub use work_calendar::WorkCalendar;

//! Vietnamese text as tables and people write it: numbers, periods, dates, place names.
//!
//! Reads and prints; it never decides what a figure means (a column's unit, a table's total row): that is declared in a
//! mapping. Everything here is a function of its arguments alone.
//!
//! ```
//! use toancanh::domain::text::{NumberStyle, NumberText, fold, read_number, read_period};
//! assert_eq!(read_number("1.234,56", NumberStyle::Auto).unwrap(), NumberText::Value(1234.56));
//! assert_eq!(read_period("T5/2022", None).unwrap().period.to_string(), "2022-05");
//! assert_eq!(fold("Trễ hạn"), "tre han");
//! ```

pub mod date;
pub mod fold;
pub mod legacy;
pub mod name;
pub mod number;
pub mod period;

pub use date::{DateError, date_from_excel, read_date};
pub use fold::{SortKey, clean, fold, settle_tones, sort_key};
pub use legacy::{LegacyEncoding, LegacyText, detect_legacy, from_tcvn3, refuse_legacy};
pub use name::{AreaKey, AreaPrefix, area_key};
pub use number::{NumberError, NumberStyle, NumberText, format_en, format_vi, read_number};
pub use period::{PeriodLabel, PeriodLabelError, label_en, label_vi, period_en, period_vi, read_period};

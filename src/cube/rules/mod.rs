//! The rules on small examples whose numbers were worked out by hand, and as laws over random data.

mod areas;
mod breakdowns;
mod laws;
mod records;
mod shipped;
mod time;

//! Feeds: pulled on schedule, every raw byte kept, mapped into observations.

pub mod connector;
pub mod mapping;
pub mod raw;

//! Feeds: pulled on schedule, every raw byte kept, mapped into observations.

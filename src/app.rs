//! The composition root: the only place that builds things and reads configuration and the clock.

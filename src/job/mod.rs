//! Jobs: schedule, lease, catch-up, run log.

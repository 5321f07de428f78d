//! Read-only SQL.

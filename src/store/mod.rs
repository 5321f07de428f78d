//! Delta tables and SQLite state.

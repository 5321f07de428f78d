//! The catalogue: declared files, checked as a whole, immutable once loaded.

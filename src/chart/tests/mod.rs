//! All kinds of charts together: golden files, and what must hold for every one of them.

mod examples;
mod golden;
mod invariants;

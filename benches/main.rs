//! Placeholder head until the subjects land.
fn main() {}

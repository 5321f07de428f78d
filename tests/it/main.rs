//! The one integration-test binary: every binary that links DataFusion weighs over 100 MB, so there is one.

mod sample_feeds;

//! The one integration-test binary: every binary that links DataFusion weighs over 100 MB, so there is one.

mod case_pages;
mod case_store;
mod cases;
mod charts;
mod dashboards;
mod figures;
mod formats;
mod harness;
mod infographics;
mod pages;
mod rebuild;
mod reports;
mod sample_feeds;
mod tidy;

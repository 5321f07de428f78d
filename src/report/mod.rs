//! Documents made from the served figures: infographics, reports.
//!
//! ```text
//! declared file + template --declared--> what is on the page --content--> words and numbers already written --typeset--> file
//! ```
//!
//! Content comes before layout: everything that a template prints was worded here, from figures found in the cube and
//! cases counted by their views, so that a PDF, a page and a workbook cannot disagree. A document carries its
//! [`stamp::Stamp`] and nothing of the hour it was printed in: the same version prints the same bytes.

pub mod infographic;
pub mod stamp;

//! The one integration-test binary: journeys over the whole house. A second one would link everything again.

mod sample_feeds;

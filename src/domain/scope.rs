//! What a reader may see. Every read path takes a [`Scope`], so that row rights come later without a redesign.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The areas and authorities a reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Area codes, or `None` for every area.
    areas: Option<Arc<BTreeSet<String>>>,
}

impl Scope {
    /// Everything.
    pub fn all() -> Self {
        Self { areas: None }
    }

    /// Only these area codes (each stands for itself; the caller lists what lies below).
    pub fn areas<I: IntoIterator<Item = S>, S: Into<String>>(codes: I) -> Self {
        Self { areas: Some(Arc::new(codes.into_iter().map(Into::into).collect())) }
    }

    /// Whether rows of this area may be read.
    pub fn allows_area(&self, code: &str) -> bool {
        self.areas.as_ref().is_none_or(|set| set.contains(code))
    }

    /// The permitted area codes, or `None` for every area.
    pub fn area_codes(&self) -> Option<&BTreeSet<String>> {
        self.areas.as_deref()
    }
}

//! Secrets by the name of their environment variable. They are looked up when needed and never printed.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use super::PullError;

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Looks secrets up by name. The environment itself is read by whoever builds this (the composition root).
#[derive(Clone)]
pub struct Secrets(Arc<Lookup>);

impl Secrets {
    /// From a look-up, usually that of the environment.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(lookup))
    }

    /// The secret of this name; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Result<SecretString, PullError> {
        match (self.0)(name).filter(|value| !value.is_empty()) {
            Some(value) => Ok(SecretString::from(value)),
            None => Err(PullError::NoSecret { name: name.to_owned() }),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

//! How far a state of the figures reaches: what every page asks, found once for each state.

use std::sync::{Arc, Mutex, PoisonError};

use super::reading::newest_period;
use crate::catalog::Catalog;
use crate::compute::Served;
use crate::domain::{Freq, Period, Vintage};

/// States that are remembered: the present one and the past days that a meeting compares.
const STATES_MAX: usize = 6;

/// How far the figures of one state reach.
#[derive(Debug)]
pub struct Extent {
    version: String,
    newest: [Period; 3],
    /// When the newest figure of the city was published.
    pub published: Option<Vintage>,
}

impl Extent {
    fn of(catalog: &Catalog, served: &Served) -> Self {
        let of_city = served.cube.blocks.values().flat_map(|block| block.of_area(&catalog.city));
        Self {
            version: served.version.clone(),
            newest: Freq::ALL.map(|freq| newest_period(catalog, &served.cube, freq)),
            published: of_city.flat_map(|series| series.cells()).map(|cell| cell.vintage).max(),
        }
    }

    /// The newest period of a frequency, see [`newest_period`].
    pub fn newest(&self, freq: Freq) -> Period {
        let at = Freq::ALL.iter().position(|known| *known == freq);
        self.newest[at.expect("ALL holds every frequency")]
    }
}

/// The extents of the states that were asked for.
#[derive(Debug, Default)]
pub struct Extents(Mutex<Vec<Arc<Extent>>>);

impl Extents {
    /// The extent of a state.
    pub fn of(&self, catalog: &Catalog, served: &Served) -> Arc<Extent> {
        let known = |known: &&Arc<Extent>| known.version == served.version;
        if let Some(extent) = self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find(known) {
            return Arc::clone(extent);
        }
        let extent = Arc::new(Extent::of(catalog, served));
        let mut extents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if extents.len() >= STATES_MAX {
            extents.remove(0);
        }
        extents.push(Arc::clone(&extent));
        extent
    }
}

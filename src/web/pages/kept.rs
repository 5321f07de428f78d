//! Pages as they were last written, by address, plain and compressed: most readers look at what another one has just
//! looked at. Compressing a page takes about as long as writing it, so it is done once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;

use super::extent::Extents;
use crate::web::packed::Packed;

/// Pages kept at most, and their bytes before compression. A page is 30 to 150 KB; a city looks at a few hundred
/// different ones a day.
const PAGES_MAX: usize = 1024;
const BYTES_MAX: usize = 48 << 20;
/// A written page.
#[derive(Debug)]
pub struct Written {
    etag: String,
    /// Its bytes.
    pub page: Packed,
    /// Asked for since it was last passed over.
    is_wanted: AtomicBool,
}

impl Written {
    fn len(&self) -> usize {
        self.page.plain().len()
    }
}

/// The kept pages, and what was found out about the states of the data that they show.
#[derive(Debug, Default)]
pub struct KeptPages {
    shelf: Mutex<Shelf>,
    /// See [`Extents`].
    pub(super) extents: Extents,
}

#[derive(Debug, Default)]
struct Shelf {
    pages: BTreeMap<String, Arc<Written>>,
    /// Addresses in the order in which they are looked at when room is needed.
    order: VecDeque<String>,
    bytes: usize,
}

impl KeptPages {
    /// A page that was written for this state of the data.
    pub fn get(&self, address: &str, etag: &str) -> Option<Arc<Written>> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let page = shelf.pages.get(address).filter(|page| page.etag == etag)?;
        page.is_wanted.store(true, Ordering::Relaxed);
        Some(Arc::clone(page))
    }

    /// Keeps a page in the place of what was kept of its address.
    pub fn keep(&self, address: &str, etag: &str, plain: Bytes) -> Arc<Written> {
        let (page, is_wanted) = (Packed::new(plain), AtomicBool::new(false));
        let page = Arc::new(Written { etag: etag.to_owned(), page, is_wanted });
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.put(address, Arc::clone(&page));
        page
    }
}

impl Shelf {
    fn put(&mut self, address: &str, page: Arc<Written>) {
        self.bytes += page.len();
        match self.pages.insert(address.to_owned(), page) {
            Some(replaced) => self.bytes -= replaced.len(),
            None => self.order.push_back(address.to_owned()),
        }
        while self.pages.len() > PAGES_MAX || self.bytes > BYTES_MAX {
            let Some(next) = self.order.pop_front() else { return };
            // A page that was asked for since the last round stays for another one.
            if self.pages.get(&next).is_some_and(|page| page.is_wanted.swap(false, Ordering::Relaxed)) {
                self.order.push_back(next);
            } else if let Some(gone) = self.pages.remove(&next) {
                self.bytes -= gone.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_page_is_given_for_its_version_only() {
        let kept = KeptPages::default();
        kept.keep("/", "\"1\"", Bytes::from_static(b"old"));
        kept.keep("/", "\"2\"", Bytes::from_static(b"new"));
        assert_eq!(kept.get("/", "\"2\"").unwrap().page.plain(), "new");
        assert!(kept.get("/", "\"1\"").is_none());
        assert_eq!(kept.shelf.lock().unwrap().bytes, 3);
    }

    #[test]
    fn the_shelf_stays_small_and_holds_what_is_asked_for() {
        let kept = KeptPages::default();
        let large = Bytes::from(vec![b'x'; BYTES_MAX / 100]);
        for n in 0..PAGES_MAX * 2 {
            let page = if n % 2 == 0 { large.clone() } else { Bytes::from_static(b"page") };
            kept.keep(&format!("/{n}"), "\"1\"", page);
            assert!(n == 0 || kept.get("/0", "\"1\"").is_some(), "/0 is asked for all the time, gone at {n}");
        }
        let shelf = kept.shelf.lock().unwrap();
        assert!(shelf.pages.len() <= PAGES_MAX && shelf.bytes <= BYTES_MAX);
        assert_eq!(shelf.bytes, shelf.pages.values().map(|p| p.len()).sum::<usize>());
        assert_eq!(shelf.order.len(), shelf.pages.len());
    }
}

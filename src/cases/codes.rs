//! Codes as small numbers: areas, authorities, categories, channels.
//!
//! Numbers are given in the order in which codes come in and are never taken back, so that columns written earlier stay
//! right. Views put codes into their own order.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, AreaTree};

/// Codes of one kind; number 0 is "none".
#[derive(Debug, Clone)]
pub struct Dictionary {
    codes: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u16>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { codes: vec!["".into()], numbers: HashMap::new() }
    }
}

impl Dictionary {
    /// The number of a code, new or known. More than 65,535 codes share the last number: no city has that many
    /// authorities, and a mapping that takes free text for codes must not end the process.
    pub fn intern(&mut self, code: &str) -> u16 {
        if code.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(code) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.codes.len()) else { return u16::MAX };
        let code: Arc<str> = code.into();
        self.codes.push(Arc::clone(&code));
        self.numbers.insert(code, number);
        number
    }

    /// The number of a code that came in before.
    pub fn number(&self, code: &str) -> Option<u16> {
        self.numbers.get(code).copied()
    }

    /// The code of a number; empty for 0.
    pub fn code(&self, number: u16) -> &Arc<str> {
        &self.codes[usize::from(number)]
    }

    /// How many numbers there are, 0 included.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether no code came in yet.
    pub fn is_empty(&self) -> bool {
        self.codes.len() == 1
    }

    /// Codes with their numbers, 0 left out.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &Arc<str>)> {
        self.codes.iter().enumerate().skip(1).map(|(number, code)| (number as u16, code))
    }
}

/// Number of a place; 0 is "not placed".
pub type PlaceIx = u16;

/// Where cases happened: a dated area of the tree, or an area that only the data know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Area code, or what the source calls it.
    pub code: Arc<str>,
    /// The dated area, `None` for one that only the data know.
    pub area: Option<AreaIx>,
    /// Its level; areas that only the data know count as wards.
    pub kind: AreaKind,
    /// The district it lies in, itself for a district, 0 if it lies in none.
    pub district: PlaceIx,
}

/// All places that cases happened in, with their districts.
#[derive(Debug, Clone)]
pub struct Places {
    places: Vec<Place>,
    by_area: HashMap<AreaIx, PlaceIx>,
    by_name: HashMap<Arc<str>, PlaceIx>,
}

impl Default for Places {
    fn default() -> Self {
        let nowhere = Place { code: "".into(), area: None, kind: AreaKind::Residual, district: 0 };
        Self { places: vec![nowhere], by_area: HashMap::new(), by_name: HashMap::new() }
    }
}

impl Places {
    /// The place that a code means on a day. A code that no area has on that day is a place of its own.
    pub fn intern(&mut self, tree: &AreaTree, code: &str, day: NaiveDate) -> PlaceIx {
        if code.is_empty() {
            return 0;
        }
        match tree.on(code, day) {
            Some(area) => self.area(tree, area),
            None => self.named(code),
        }
    }

    /// A dated area and the district it lies in. Areas above the districts place nothing.
    fn area(&mut self, tree: &AreaTree, ix: AreaIx) -> PlaceIx {
        if let Some(place) = self.by_area.get(&ix) {
            return *place;
        }
        let area = tree.area(ix);
        if !matches!(area.kind, AreaKind::District | AreaKind::Ward) {
            return 0;
        }
        let parent = area.parent.as_deref().filter(|_| area.kind == AreaKind::Ward);
        let above = parent.and_then(|code| tree.on(code, area.valid_from));
        let district = above.filter(|ix| tree.area(*ix).kind == AreaKind::District).map_or(0, |d| self.area(tree, d));
        let place = Place { code: area.code.as_str().into(), area: Some(ix), kind: area.kind, district };
        let number = self.push(place);
        if area.kind == AreaKind::District {
            self.places[usize::from(number)].district = number;
        }
        self.by_area.insert(ix, number);
        number
    }

    fn named(&mut self, code: &str) -> PlaceIx {
        if let Some(place) = self.by_name.get(code) {
            return *place;
        }
        let code: Arc<str> = code.into();
        let place = Place { code: Arc::clone(&code), area: None, kind: AreaKind::Ward, district: 0 };
        let number = self.push(place);
        self.by_name.insert(code, number);
        number
    }

    fn push(&mut self, place: Place) -> PlaceIx {
        let Ok(number) = PlaceIx::try_from(self.places.len()) else { return 0 };
        self.places.push(place);
        number
    }

    /// A place.
    pub fn place(&self, number: PlaceIx) -> &Place {
        &self.places[usize::from(number)]
    }

    /// How many numbers there are, 0 included.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nothing was placed yet.
    pub fn is_empty(&self) -> bool {
        self.places.len() == 1
    }

    /// Places with their numbers, 0 left out.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceIx, &Place)> {
        self.places.iter().enumerate().skip(1).map(|(number, place)| (number as PlaceIx, place))
    }
}

/// All codes of a book.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    /// Where it happened.
    pub places: Places,
    /// Who handles it.
    pub orgs: Dictionary,
    /// What it is about (dimension `field`).
    pub categories: Dictionary,
    /// How it came in.
    pub channels: Dictionary,
    /// Which feed brought it.
    pub feeds: Dictionary,
}

#[cfg(test)]
mod tests {
    use super::super::fixture::tree;
    use super::*;

    #[test]
    fn a_code_keeps_its_number() {
        let mut codes = Dictionary::default();
        assert_eq!((codes.intern("zalo"), codes.intern("hotline"), codes.intern("zalo")), (1, 2, 1));
        assert_eq!((codes.intern(""), &**codes.code(2), codes.number("fax")), (0, "hotline", None));
    }

    #[test]
    fn a_ward_lies_in_the_district_of_its_time() {
        let (tree, mut places) = (tree(), Places::default());
        let day = "2022-05-25".parse().unwrap();
        let ward = places.intern(&tree, "26734", day);
        let district = places.place(ward).district;
        assert_eq!(&*places.place(district).code, "760");
        assert_eq!(places.place(district).district, district);
        assert_eq!(places.intern(&tree, "760", day), district);
        assert_eq!(places.intern(&tree, "79", day), 0, "the whole city is no place in it");
        let named = places.intern(&tree, "Hollins Market", day);
        assert_eq!((places.place(named).kind, places.place(named).district), (AreaKind::Ward, 0));
    }
}

//! Which district a place is counted in.

use super::codes::{PlaceIx, Places};

/// The districts among the places, numbered from 0 in order of their place numbers.
#[derive(Debug, Clone)]
pub(super) struct Districts {
    districts: Vec<PlaceIx>,
    /// Slot of each place's district.
    slots: Vec<Option<u16>>,
}

impl Districts {
    /// The districts of known places.
    pub fn of(places: &Places) -> Self {
        let district = |place: usize| Some(places.place(place as PlaceIx).district).filter(|district| *district != 0);
        let of_place: Vec<Option<PlaceIx>> = (0..places.len()).map(district).collect();
        let mut districts: Vec<PlaceIx> = of_place.iter().copied().flatten().collect();
        districts.sort_unstable();
        districts.dedup();
        let slot = |district: PlaceIx| districts.binary_search(&district).ok().map(|slot| slot as u16);
        let slots = of_place.into_iter().map(|district| district.and_then(slot)).collect();
        Self { districts, slots }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.districts.len()
    }

    /// The slot of the district that a place lies in or is; `None` for places in none, or not known.
    #[inline]
    pub fn slot(&self, place: PlaceIx) -> Option<usize> {
        self.slots.get(usize::from(place)).copied().flatten().map(usize::from)
    }

    /// Place numbers of the districts, by slot.
    pub fn iter(&self) -> impl Iterator<Item = PlaceIx> + '_ {
        self.districts.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::tree;
    use super::*;

    #[test]
    fn wards_share_the_slot_of_their_district() {
        let (tree, mut places) = (tree(), Places::default());
        let day = "2022-05-25".parse().unwrap();
        let mut place = |code: &str| places.intern(&tree, code, day);
        let (named, one, two, district) = (place("Hollins Market"), place("26734"), place("26737"), place("760"));
        let districts = Districts::of(&places);
        assert_eq!(districts.iter().collect::<Vec<_>>(), [district]);
        assert_eq!([one, two, district].map(|place| districts.slot(place)), [Some(0); 3]);
        assert_eq!([0, named, 99].map(|place| districts.slot(place)), [None; 3]);
    }
}

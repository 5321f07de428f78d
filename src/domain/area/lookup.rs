//! Finds areas by their names as people write them.

use chrono::NaiveDate;

use super::{AreaIx, AreaKind, AreaTree};
use crate::domain::text::{AreaKey, area_key, fold, sort_key};

/// A name that means no area, or several.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaNameError {
    /// No area of this name on the day.
    #[error("no area \"{name}\" exists on {day}{}", similar.as_ref().map_or_else(String::new, |s| format!(" (is it \"{s}\"?)")))]
    Unknown {
        /// As written.
        name: String,
        /// The day asked for.
        day: NaiveDate,
        /// A name that is close to it.
        similar: Option<String>,
    },
    /// Several areas of the same level have it.
    #[error("\"{name}\" is the name of several areas on {day}: {}", candidates.join(", "))]
    Ambiguous {
        /// As written.
        name: String,
        /// The day asked for.
        day: NaiveDate,
        /// Their names, each with the name of the area above.
        candidates: Vec<String>,
    },
}

/// How alike (0 to 1) a name must be to be suggested.
const ALIKE: f64 = 0.85;

impl AreaTree {
    pub(super) fn index_names(&mut self) {
        for i in 0..self.areas().len() {
            let ix = AreaIx(i as u32);
            let key = area_key(&self.area(ix).name);
            self.by_folded_name.entry(key.folded()).or_default().push(ix);
            self.by_name.entry(key.name().to_owned()).or_default().push(ix);
        }
    }

    /// The area that a written name means on a day, below `within` if given.
    ///
    /// "P.1, Q.3" looks for the last part first and for the rest within it. A name typed without any diacritics is
    /// matched without them. A name without its kind word ("Bình Tân") means the highest level that has it; a number
    /// without one means nothing. "Toàn thành phố" is the city.
    pub fn find_by_name(&self, name: &str, within: Option<AreaIx>, day: NaiveDate) -> Result<AreaIx, AreaNameError> {
        if let Some((part, whole)) = name.rsplit_once(',') {
            let whole = self.find_by_name(whole, within, day)?;
            return self.find_by_name(part, Some(whole), day);
        }
        let key = area_key(name);
        let mut found = self.candidates(&key, name.is_ascii(), within, day);
        if key.prefix().is_none()
            && let Some(highest) = found.iter().map(|ix| self.area(*ix).kind).min()
        {
            found.retain(|ix| self.area(*ix).kind == highest);
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => self.whole_city(&key, day).ok_or_else(|| AreaNameError::Unknown {
                name: name.trim().to_owned(),
                day,
                similar: self.similar_name(&key, within, day),
            }),
            several => Err(AreaNameError::Ambiguous {
                name: name.trim().to_owned(),
                day,
                candidates: self.described(several, day),
            }),
        }
    }

    /// `typed_plain`: the whole name was typed without diacritics, so "Thanh" may be "Thạnh".
    fn candidates(&self, key: &AreaKey, typed_plain: bool, within: Option<AreaIx>, day: NaiveDate) -> Vec<AreaIx> {
        if key.is_number() && key.prefix().is_none() {
            return Vec::new();
        }
        let index = if typed_plain { &self.by_folded_name } else { &self.by_name };
        let fits = |ix: &AreaIx| {
            let area = self.area(*ix);
            area.is_valid_on(day)
                && key.prefix_agrees_with(&area_key(&area.name))
                && within.is_none_or(|above| above != *ix && self.is_below_on(*ix, above, day))
        };
        index.get(key.name()).into_iter().flatten().copied().filter(fits).collect()
    }

    /// "Toàn thành phố", and the initials of the city's name ("TP.HCM").
    fn whole_city(&self, key: &AreaKey, day: NaiveDate) -> Option<AreaIx> {
        let city = self.of_kind_on(AreaKind::City, day).next()?;
        let city_key = area_key(&self.area(city).name);
        let folded = key.folded();
        let initials: String = city_key.folded().split(' ').filter_map(|w| w.chars().next()).collect();
        let whole = key.prefix().is_none() && matches!(folded.as_str(), "toan thanh pho" | "toan tp" | "toan tp.");
        let abbreviated = initials.len() > 1 && folded == initials && key.prefix_agrees_with(&city_key);
        (whole || abbreviated).then_some(city)
    }

    fn similar_name(&self, key: &AreaKey, within: Option<AreaIx>, day: NaiveDate) -> Option<String> {
        if key.is_number() {
            return None;
        }
        let folded = key.folded();
        self.indexed()
            .filter(|(ix, a)| a.is_valid_on(day) && within.is_none_or(|above| self.is_below_on(*ix, above, day)))
            .map(|(_, a)| (strsim::jaro_winkler(&fold(area_key(&a.name).name()), &folded), &a.name))
            .filter(|(alike, _)| *alike >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, name)| name.clone())
    }

    fn described(&self, areas: &[AreaIx], day: NaiveDate) -> Vec<String> {
        let mut names: Vec<String> = areas
            .iter()
            .map(|ix| match self.parent_on(*ix, day) {
                Some(parent) => format!("{} ({})", self.area(*ix).name, self.area(parent).name),
                None => self.area(*ix).name.clone(),
            })
            .collect();
        names.sort_by_key(|n| sort_key(n));
        names
    }
}

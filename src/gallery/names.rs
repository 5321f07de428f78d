//! What codes are called, in the language of the chart.

use chrono::NaiveDate;

use super::words::Words;
use crate::cases::views::Axis;
use crate::cases::{Second, moment};
use crate::catalog::Catalog;
use crate::chart::spec::Language;
use crate::domain::{AreaKind, Period};

/// Names as they were on a day.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) words: Words,
    pub(super) day: NaiveDate,
}

impl<'a> Names<'a> {
    /// Names in a language, as they were at a second.
    pub fn at(catalog: &'a Catalog, language: Language, at: Second) -> Self {
        Self { catalog, words: Words(language), day: moment(at).date() }
    }

    /// The name of a code of an axis. Areas have Vietnamese names only.
    pub fn of(&self, axis: Axis, code: &str) -> String {
        let named = match axis {
            Axis::District | Axis::Ward => self.area(code),
            Axis::Org => self.org(code),
            Axis::Category => self.member("field", code),
            Axis::Channel => self.member("channel", code),
            Axis::AgeBand => self.member("age_band", code),
            Axis::Month => code.parse().ok().map(|month| self.words.short_period(month)),
            Axis::Week => self.week(code),
            Axis::Total | Axis::Day => None,
        };
        match (named, code) {
            (Some(name), _) => name,
            (None, "") => self.words.pick("Không rõ", "Unknown").to_owned(),
            (None, code) => code.to_owned(),
        }
    }

    /// The name of an area, or of what it last was.
    pub fn area(&self, code: &str) -> Option<String> {
        let areas = &self.catalog.areas;
        let ix = areas.on(code, self.day).or_else(|| areas.spans(code).last().copied())?;
        let area = areas.area(ix);
        // "Phường 12" is the name of many wards.
        let is_numbered = area.kind == AreaKind::Ward && area.name.ends_with(|c: char| c.is_ascii_digit());
        let parent = area.parent.as_deref().filter(|_| is_numbered).and_then(|parent| self.area(parent));
        Some(parent.map_or_else(|| area.name.clone(), |parent| format!("{}, {parent}", area.name)))
    }

    fn member(&self, dimension: &str, code: &str) -> Option<String> {
        let member = self.catalog.dimensions.get(dimension)?.members.get(code)?;
        Some(self.words.pick(&member.label_vi, &member.label_en).replace('-', "–"))
    }

    fn org(&self, code: &str) -> Option<String> {
        // The people's committee of an area is known by its short form everywhere.
        let committee = |of: &str| format!("{} {of}", self.words.pick("UBND", "People's Committee of"));
        if let Some(unit) = self.catalog.org_units.iter().find(|unit| unit.code == code) {
            let vi = unit.name_vi.replace("Ủy ban nhân dân", "UBND");
            return Some(self.words.pick(&vi, &unit.name_en).to_owned());
        }
        // Committees of wards are not registered; the sources name them by the code of the ward.
        Some(committee(&self.area(code.strip_prefix("ubnd_")?)?))
    }

    /// "Tuần 21"; the year stands with the first week only.
    fn week(&self, code: &str) -> Option<String> {
        let (year, week) = code.split_once("-W")?;
        let number: u32 = week.parse().ok()?;
        let name = self.words.pick("Tuần", "Week");
        Some(if number == 1 {
            format!("{name} 1/{}", year.get(2..).unwrap_or(year))
        } else {
            format!("{name} {number}")
        })
    }
}

/// The month of a key such as `2022-05`.
pub(super) fn month_of(key: &str) -> Option<Period> {
    key.parse().ok()
}

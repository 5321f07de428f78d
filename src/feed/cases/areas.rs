//! The area of a case: its ward on the day of receipt, or its district where the ward is not known.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use datafusion::common::HashMap;

use super::cell::Cell;
use super::codes::CodeList;
use crate::domain::AreaTree;
use crate::domain::area::AreaIx;
use crate::domain::text::clean;

/// How a column says where a case is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AreaRule {
    /// Place of the column.
    pub column: usize,
    /// Place of the column of the district.
    pub within: Option<usize>,
    /// What its texts are.
    pub texts: AreaTexts,
}

/// What the texts of an area column are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AreaTexts {
    /// Another city's: taken as they stand.
    FromData,
    /// Names as people write them.
    Names,
    /// Codes of the catalogue, perhaps through a list.
    Codes(CodeList),
}

/// What a row says about the place of its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// The code, none where the case counts in the city only.
    pub code: Option<Arc<str>>,
    /// Why the place is less exact than the text.
    pub complaint: Option<String>,
}

/// Finds areas; every text is looked up once for every span of time in which no area changes.
pub(super) struct AreaReader<'a> {
    rule: &'a AreaRule,
    areas: &'a AreaTree,
    /// Days on which any area begins or has just ended.
    turns: Vec<NaiveDate>,
    known: HashMap<(String, String, usize), Placed>,
}

impl<'a> AreaReader<'a> {
    pub fn new(rule: &'a AreaRule, areas: &'a AreaTree) -> Self {
        let ends = areas.areas().iter().filter_map(|a| a.valid_to?.succ_opt());
        let turns: BTreeSet<NaiveDate> = areas.areas().iter().map(|a| a.valid_from).chain(ends).collect();
        Self { rule, areas, turns: turns.into_iter().collect(), known: HashMap::new() }
    }

    /// The column that is read.
    pub fn column(&self) -> usize {
        self.rule.column
    }

    /// The area in a row of a case that came in on `day`.
    pub fn read(&mut self, cells: &[Cell<'_>], day: NaiveDate) -> Placed {
        let text = cells[self.rule.column].text().unwrap_or_default();
        let within = self.rule.within.and_then(|column| cells[column].text()).unwrap_or_default();
        if text.is_empty() && within.is_empty() {
            return Placed { code: None, complaint: None };
        }
        let span = match self.rule.texts {
            AreaTexts::FromData => 0,
            AreaTexts::Names | AreaTexts::Codes(_) => self.turns.partition_point(|turn| *turn <= day),
        };
        let key = (text.into_owned(), within.into_owned(), span);
        if let Some(placed) = self.known.get(&key) {
            return placed.clone();
        }
        let placed = self.place(&key.0, &key.1, day);
        self.known.insert(key, placed.clone());
        placed
    }

    fn place(&self, text: &str, within: &str, day: NaiveDate) -> Placed {
        if self.rule.texts == AreaTexts::FromData {
            let code = if text.is_empty() { clean(within) } else { clean(text) };
            return Placed { code: Some(code.as_str().into()), complaint: None };
        }
        let above = (!within.is_empty()).then(|| self.district(within, day));
        let (above, no_above) = match above {
            Some(Ok(ix)) => (Some(ix), None),
            Some(Err(reason)) => (None, Some(reason)),
            None => (None, None),
        };
        let district = above.map(|ix| self.areas.area(ix).code.as_str().into());
        if text.is_empty() {
            return Placed { code: district, complaint: no_above };
        }
        // A ward's name without its district may be that of several: better the city than the wrong ward.
        if let Some(reason) = no_above {
            return Placed { code: None, complaint: Some(format!("{reason}; the case counts in the city only")) };
        }
        match self.ward(text, above, day) {
            Ok(ix) => Placed { code: Some(self.areas.area(ix).code.as_str().into()), complaint: None },
            Err(reason) => {
                let counted = if district.is_some() { "its district" } else { "the city" };
                Placed { code: district, complaint: Some(format!("{reason}; the case counts in {counted} only")) }
            }
        }
    }

    fn district(&self, text: &str, day: NaiveDate) -> Result<AreaIx, String> {
        match self.areas.on(&clean(text), day) {
            Some(ix) => Ok(ix),
            None => self.areas.find_by_name(text, None, day).map_err(|e| e.to_string()),
        }
    }

    fn ward(&self, text: &str, above: Option<AreaIx>, day: NaiveDate) -> Result<AreaIx, String> {
        match &self.rule.texts {
            AreaTexts::Names => self.areas.find_by_name(text, above, day).map_err(|e| e.to_string()),
            AreaTexts::Codes(list) => {
                let text = clean(text);
                let code = list.get(&text).map_or(text.as_str(), |code| code);
                self.areas.on(code, day).ok_or_else(|| format!("there is no area with the code \"{code}\" on {day}"))
            }
            AreaTexts::FromData => Err("areas are taken from the data".to_owned()),
        }
    }
}

//! What tiles name is looked up; what is not there is told with the nearest that is.

use super::model::By;
use super::placeholder::{Part, pieces};
use crate::cases::views::Axis;
use crate::catalog::Catalog;
use crate::catalog::declared::Text;
use crate::catalog::diagnostic::{Problems, nearest};
use crate::catalog::source::At;
use crate::domain::text::fold;
use crate::domain::{AreaKind, Breakdown, Freq, Indicator};
use crate::gallery::ChartId;

/// The catalogue, and where problems go.
pub(super) struct Lookup<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) problems: &'a Problems,
}

impl<'a> Lookup<'a> {
    fn unknown<'k>(&self, kind: &str, code: &str, at: At<'_>, known: impl Iterator<Item = &'k str>, otherwise: &str) {
        let hint =
            nearest(code, known).map_or_else(|| otherwise.to_owned(), |near| format!("Did you mean \"{near}\"?"));
        at.error(self.problems, format!("unknown {kind} \"{code}\""), hint);
    }

    pub(super) fn indicator(&self, text: &Text<'_>) -> Option<&'a Indicator> {
        self.indicator_at(&text.value, text.at)
    }

    fn indicator_at(&self, code: &str, at: At<'_>) -> Option<&'a Indicator> {
        let found = self.catalog.indicators.get(code);
        if found.is_none() {
            let all = || self.catalog.indicators.keys().map(String::as_str);
            // A slip in the last digits is likelier than one in the group.
            let of_group = nearest(code, all().filter(|known| known.get(..2) == code.get(..2)));
            let known = of_group.into_iter().chain(all().filter(|_| of_group.is_none()));
            self.unknown("indicator", code, at, known, "\"toancanh catalog list\" shows all codes.");
        }
        found
    }

    pub(super) fn group(&self, text: &Text<'_>) -> bool {
        let is_known = self.catalog.groups.contains_key(&text.value);
        if !is_known {
            let known = self.catalog.groups.keys().map(String::as_str);
            self.unknown("group", &text.value, text.at, known, "The groups stand in groups.toml.");
        }
        is_known
    }

    /// The lowest level that an area has been at.
    pub(super) fn area(&self, text: &Text<'_>) -> Option<AreaKind> {
        let areas = &self.catalog.areas;
        let kind = areas.spans(&text.value).iter().map(|ix| areas.area(*ix).kind).max();
        if kind.is_none() {
            // A name was written where a code belongs: "Quận 1".
            let folded = fold(&text.value);
            let by_name = areas.areas().iter().rev().find(|area| fold(&area.name) == folded);
            let near = by_name.map(|area| area.code.as_str());
            let near = near.or_else(|| nearest(&text.value, areas.areas().iter().map(|a| a.code.as_str())));
            let named = |code: &str| areas.spans(code).last().map_or("", |ix| areas.area(*ix).name.as_str());
            let hint = near.map_or_else(
                || "Areas go by their codes in areas.csv.".to_owned(),
                |code| format!("Did you mean \"{code}\" ({})?", named(code)),
            );
            text.at.error(self.problems, format!("unknown area \"{}\"", text.value), hint);
        }
        kind
    }

    pub(super) fn org(&self, text: &Text<'_>) {
        let is_known = |code: &str| self.catalog.org_units.iter().any(|unit| unit.code == code);
        // Committees of wards are not registered; the sources name them by the code of the ward.
        let of_area = text.value.strip_prefix("ubnd_").is_some_and(|area| !self.catalog.areas.spans(area).is_empty());
        if !is_known(&text.value) && !of_area {
            let known = self.catalog.org_units.iter().map(|unit| unit.code.as_str());
            self.unknown("org unit", &text.value, text.at, known, "Authorities stand in org_units.toml.");
        }
    }

    pub(super) fn case_chart(&self, text: &Text<'_>) -> Option<ChartId> {
        let found = ChartId::OF_CASES.iter().find(|(name, _)| *name == text.value);
        if found.is_none() {
            let known = || ChartId::OF_CASES.iter().map(|(name, _)| *name);
            let list = format!("The charts are {}.", known().collect::<Vec<_>>().join(", "));
            self.unknown("chart", &text.value, text.at, known(), &list);
        }
        found.map(|(_, id)| id.clone())
    }

    pub(super) fn axis(&self, key: &str, text: &Text<'_>, allowed: &[Axis], chart: &ChartId) -> Option<Axis> {
        let found = allowed.iter().find(|axis| axis.as_str() == text.value).copied();
        if found.is_none() {
            let list = allowed.iter().map(|axis| axis.as_str()).collect::<Vec<_>>();
            let (message, hint) = match list[..] {
                [] => (format!("the chart \"{chart}\" has no {key}"), format!("Leave {key} out.")),
                _ => (format!("unknown {key} \"{}\"", text.value), format!("Use {}.", list.join(", "))),
            };
            text.at.error(self.problems, message, hint);
        }
        found
    }

    /// `period` (where there is a choice of it), `district`, `ward` or a dimension.
    pub(super) fn by(&self, text: &Text<'_>, indicators: &[&Indicator], with_period: bool) -> Option<By> {
        match text.value.as_str() {
            "period" if with_period => return Some(By::Period),
            "district" => return Some(By::Area(AreaKind::District)),
            "ward" => return Some(By::Area(AreaKind::Ward)),
            _ => {}
        }
        self.dimension(&text.value, text.at, indicators).then(|| By::Dimension(text.value.clone()))
    }

    /// Whether all indicators have the dimension.
    fn dimension(&self, code: &str, at: At<'_>, indicators: &[&Indicator]) -> bool {
        let known = self.catalog.dimensions.contains_key(code);
        let lacking = indicators.iter().find(|i| !i.dimensions.iter().any(|d| d == code));
        let Some(indicator) = lacking.or(indicators.first()).filter(|_| !known || lacking.is_some()) else {
            return known;
        };
        let own: Vec<&str> = indicator.dimensions.iter().map(String::as_str).collect();
        let hint = match (nearest(code, own.iter().copied()), own.is_empty()) {
            (Some(near), _) => format!("Did you mean \"{near}\"?"),
            (None, true) => format!("Indicator {} has no dimensions.", indicator.code),
            (None, false) => format!("Indicator {} is broken down by {}.", indicator.code, own.join(", ")),
        };
        let message = match known {
            true => format!("indicator {} is not broken down by \"{code}\"", indicator.code),
            false => format!("unknown dimension \"{code}\""),
        };
        at.error(self.problems, message, hint);
        false
    }

    /// `dimension=member` of all indicators.
    pub(super) fn breakdown(&self, text: &Text<'_>, indicators: &[&Indicator]) -> Option<Breakdown> {
        let Some((dimension, member)) = text.value.split_once('=') else {
            let message = format!("\"{}\" is not a breakdown", text.value);
            text.at.error(self.problems, message, "Write it as \"dimension=member\".");
            return None;
        };
        if !self.dimension(dimension, text.at, indicators) {
            return None;
        }
        let declared = self.catalog.dimensions.get(dimension)?;
        if !declared.open && !declared.members.contains_key(member) {
            let known = declared.members.keys().map(String::as_str);
            let list = known.clone().take(12).collect::<Vec<_>>().join(", ");
            let at = text.at.plus(dimension.len() + 1);
            self.unknown(
                &format!("member of \"{dimension}\":"),
                member,
                at,
                known,
                &format!("Its members are {list}."),
            );
            return None;
        }
        Some(Breakdown::member(dimension, member))
    }

    /// Whether the figures go down to a level.
    pub(super) fn check_level(&self, indicators: &[&Indicator], level: AreaKind, at: At<'_>) {
        // What the districts leave of the city is published wherever districts are.
        let level = if level == AreaKind::Residual { AreaKind::District } else { level };
        if let Some(indicator) = indicators.iter().find(|i| i.level < level) {
            let (code, level, own) = (&indicator.code, level.as_str(), indicator.level.as_str());
            let message = format!("indicator {code} is not published by {level}");
            at.error(self.problems, message, format!("It is published down to the level {own}."));
        }
    }

    pub(super) fn check_freq(&self, indicators: &[&Indicator], freq: Freq, at: At<'_>) {
        if let Some(indicator) = indicators.iter().find(|i| !i.freqs().any(|f| f == freq)) {
            let own = indicator.freqs().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("indicator {} is not published at the frequency {freq}", indicator.code);
            at.error(self.problems, message, format!("It is published at {own}."));
        }
    }

    /// What shares a scale has one unit.
    pub(super) fn check_units(&self, indicators: &[&Indicator], at: At<'_>) {
        let Some(first) = indicators.first() else { return };
        if let Some(other) = indicators.iter().find(|i| i.unit != first.unit) {
            let message = format!("indicators {} and {} have different units", first.code, other.code);
            at.error(self.problems, message, "Only figures of one unit share a scale; give them tiles of their own.");
        }
    }

    /// The placeholders of a text.
    pub(super) fn placeholders(&self, text: &Text<'_>) {
        for (offset, piece) in pieces(&text.value) {
            match piece {
                Ok(Part::Plain(_)) => {}
                Ok(Part::Figure { code, .. }) => {
                    self.indicator_at(code, text.at.plus(offset + 1));
                }
                Err(wrong) => {
                    let hint = "Write {CODE}, {CODE.change}, {CODE.period} or {CODE.plan}.";
                    let message = format!("\"{}\" is not a placeholder", wrong.text);
                    text.at.plus(wrong.offset).error(self.problems, message, hint);
                }
            }
        }
    }
}

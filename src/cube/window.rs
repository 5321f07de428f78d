//! The base periods that a figure is evaluated over: one ascending list per base frequency of the formula.

use crate::domain::Freq;

/// Base periods (indices at their frequency) by frequency group, fine to coarse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Window {
    groups: Vec<(Freq, Vec<i32>)>,
}

impl Window {
    /// Empty lists for the given frequencies, fine to coarse.
    pub fn new(freqs: &[Freq]) -> Self {
        Self { groups: freqs.iter().map(|f| (*f, Vec::new())).collect() }
    }

    /// The base periods of a group; none for a frequency that is not a group.
    pub fn of(&self, freq: Freq) -> &[i32] {
        self.groups.iter().find(|(f, _)| *f == freq).map_or(&[], |(_, ts)| ts)
    }

    /// The group of the finest frequency.
    pub fn finest(&self) -> (Freq, &[i32]) {
        let (freq, ts) = &self.groups[0];
        (*freq, ts)
    }

    /// Whether some group has no base period.
    pub fn lacks_a_group(&self) -> bool {
        self.groups.iter().any(|(_, ts)| ts.is_empty())
    }

    /// Number of groups.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// The last month of the latest base period of any group.
    pub fn last_month(&self) -> Option<i32> {
        self.groups.iter().filter_map(|(f, ts)| ts.last().map(|t| (t + 1) * f.months() - 1)).max()
    }

    /// Replaces the content: the base periods that lie inside the months `from..=to` and pass `keep`.
    pub fn fill(&mut self, from: i32, to: i32, mut keep: impl FnMut(Freq, i32) -> bool) {
        for (freq, ts) in &mut self.groups {
            let months = freq.months();
            let first = (from + months - 1).div_euclid(months);
            let after = (to + 1).div_euclid(months);
            ts.clear();
            ts.extend((first..after).filter(|t| keep(*freq, *t)));
        }
    }

    /// Replaces the content with what of `other` passes `keep`.
    pub fn fill_from(&mut self, other: &Window, mut keep: impl FnMut(Freq, i32) -> bool) {
        for ((freq, ts), (_, source)) in self.groups.iter_mut().zip(&other.groups) {
            ts.clear();
            ts.extend(source.iter().copied().filter(|t| keep(*freq, *t)));
        }
    }

    /// Replaces the content with `other` one year earlier.
    pub fn year_before(&mut self, other: &Window) {
        for ((freq, ts), (_, source)) in self.groups.iter_mut().zip(&other.groups) {
            ts.clear();
            ts.extend(source.iter().map(|t| t - freq.per_year()));
        }
    }

    /// Replaces the content with the last base period of every group of `other`.
    pub fn lasts_of(&mut self, other: &Window) {
        for ((_, ts), (_, source)) in self.groups.iter_mut().zip(&other.groups) {
            ts.clear();
            ts.extend(source.last());
        }
    }

    /// Keeps the base periods of the finest group that pass.
    pub fn retain_finest(&mut self, mut keep: impl FnMut(i32) -> bool) {
        self.groups[0].1.retain(|t| keep(*t));
    }

    /// Drops base periods from the end of the finest group until the last one passes.
    pub fn trim_finest(&mut self, mut keep: impl FnMut(i32) -> bool) {
        let ts = &mut self.groups[0].1;
        while ts.last().is_some_and(|t| !keep(*t)) {
            ts.pop();
        }
    }
}

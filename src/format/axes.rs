//! Tables stored as a cube: axes with members in order and one cell per combination, the last axis fastest. PC-Axis and
//! JSON-stat are both of this shape.

use crate::domain::{ObsStatus, Period};

use super::time_label::read_label;
use super::{FormatError, Tidy, TidyDimension, TidyRow};

/// Most cells of one table.
const MAX_CELLS: usize = 2_000_000;

/// Most bytes that the rows of one table may take.
const MAX_ROW_BYTES: usize = 1 << 30;

/// Bytes of a row besides its texts, and of a text besides its characters.
const ROW_BYTES: usize = 160;
const TEXT_BYTES: usize = 32;

/// Years between which a bare number is taken for a year when nothing declares the axis to be time.
const PLAUSIBLE_YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// One member of an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) code: String,
    pub(super) label: String,
}

/// One axis of the cube.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Axis {
    pub(super) code: String,
    pub(super) label: String,
    pub(super) members: Vec<Member>,
    /// For the time axis, what each member means.
    pub(super) time: Option<Vec<TimePoint>>,
}

/// A member of the time axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TimePoint {
    pub(super) text: String,
    pub(super) period: Option<Period>,
    /// What the label says about all figures of this time ("Prel. 2024").
    pub(super) status: Option<ObsStatus>,
}

impl TimePoint {
    /// Reads a label.
    pub(super) fn of(label: &str) -> Self {
        let read = read_label(label);
        Self { text: label.to_owned(), period: read.map(|r| r.0), status: read.and_then(|r| r.1) }
    }
}

/// What stands in one cell.
pub(super) struct CubeCell {
    pub(super) value: Option<f64>,
    pub(super) status: ObsStatus,
    pub(super) at: String,
}

impl Axis {
    /// Makes this the time axis, reading each member's code, else its label.
    pub(super) fn set_time(&mut self) {
        let point = |m: &Member| Some(TimePoint::of(&m.code)).filter(|p| p.period.is_some());
        self.time = Some(self.members.iter().map(|m| point(m).unwrap_or_else(|| TimePoint::of(&m.label))).collect());
    }

    /// Whether every member is plainly a period, by its code or by its label.
    fn looks_like_time(&self) -> bool {
        let plain = |text: &str| read_label(text).is_some_and(|(p, _)| PLAUSIBLE_YEARS.contains(&p.year()));
        let all = |text: fn(&Member) -> &str| self.members.iter().all(|m| plain(text(m)));
        !self.members.is_empty() && (all(|m| &m.code) || all(|m| &m.label))
    }
}

/// If no axis is declared as time, takes the last one whose members are all plainly periods.
pub(super) fn find_time(axes: &mut [Axis]) {
    if axes.iter().all(|a| a.time.is_none())
        && let Some(axis) = axes.iter_mut().rev().find(|a| a.looks_like_time())
    {
        axis.set_time();
    }
}

/// Combinations of all members.
///
/// # Errors
/// More than [`MAX_CELLS`], or rows that would not fit the memory set aside for them.
pub(super) fn cell_count(format: &'static str, axes: &[Axis]) -> Result<usize, FormatError> {
    let sizes: Vec<usize> = axes.iter().map(|a| a.members.len()).collect();
    let count = sizes.iter().try_fold(1usize, |product, size| product.checked_mul(*size));
    let longest = |axis: &Axis| TEXT_BYTES + axis.members.iter().map(|m| m.code.len()).max().unwrap_or(0);
    let text: usize = axes.iter().map(longest).sum();
    match count {
        Some(count) => guard_rows(format, count, count.saturating_mul(text)).map(|()| count),
        None => Err(too_large(format, format!("{} cells", times(&sizes)))),
    }
}

/// Refuses a table of more than [`MAX_CELLS`] rows or of too much text (in bytes, over all rows).
///
/// # Errors
/// The refusal.
pub(super) fn guard_rows(format: &'static str, rows: usize, text: usize) -> Result<(), FormatError> {
    if rows > MAX_CELLS {
        return Err(too_large(format, format!("{rows} cells are more than {MAX_CELLS}")));
    }
    let bytes = text.saturating_add(rows * ROW_BYTES);
    if bytes > MAX_ROW_BYTES {
        return Err(too_large(format, format!("{rows} rows would take {} MB", bytes >> 20)));
    }
    Ok(())
}

fn too_large(format: &'static str, message: String) -> FormatError {
    let hint = "Ask the source for a selection of the table.".to_owned();
    FormatError { format, at: "the table".to_owned(), message, hint }
}

/// "4 × 3 × 2".
pub(super) fn times(sizes: &[usize]) -> String {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    sizes.join(" × ")
}

/// Fills dimensions and rows of a table from its axes and its cells (in cube order).
pub(super) fn fill(tidy: &mut Tidy, axes: &[Axis], cells: impl Iterator<Item = CubeCell>) {
    tidy.dimensions.extend(axes.iter().filter(|a| a.time.is_none()).map(|axis| TidyDimension {
        code: axis.code.clone(),
        label: axis.label.clone(),
        members: axis.members.iter().map(|m| (m.code.clone(), m.label.clone())).collect(),
    }));
    let mut position = vec![0usize; axes.len()];
    for cell in cells {
        let mut row = TidyRow {
            members: Vec::with_capacity(axes.len()),
            time: String::new(),
            period: None,
            value: cell.value,
            status: cell.status,
            at: cell.at,
        };
        for (axis, at) in axes.iter().zip(&position) {
            match &axis.time {
                Some(points) => {
                    row.time.clone_from(&points[*at].text);
                    row.period = points[*at].period;
                    if let Some(status) = points[*at].status.filter(|_| row.status == ObsStatus::A) {
                        row.status = status;
                    }
                }
                None => row.members.push(axis.members[*at].code.clone()),
            }
        }
        tidy.rows.push(row);
        advance(&mut position, axes);
    }
}

fn advance(position: &mut [usize], axes: &[Axis]) {
    for (at, axis) in position.iter_mut().zip(axes).rev() {
        *at += 1;
        if *at < axis.members.len() {
            return;
        }
        *at = 0;
    }
}

/// Gives members that share a code codes of their own ("North", "North (2)"); says whether there were any.
pub(super) fn part_doubles(members: &mut [Member]) -> bool {
    let mut seen: std::collections::HashSet<String> = std::collections::HashSet::with_capacity(members.len());
    let mut found = false;
    for member in members {
        let mut number = 1;
        let code = member.code.clone();
        while !seen.insert(member.code.clone()) {
            found = true;
            number += 1;
            member.code = format!("{code} ({number})");
        }
    }
    found
}

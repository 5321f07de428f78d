//! `overdue-heatmap`: units by what, with the share overdue in every cell.

use super::super::asked::{Asked, is_running};
use super::super::error::GalleryError;
use super::super::names::month_of;
use super::super::words::{Words, upper_first};
use super::headline::Standing;
use super::{cell, told};
use crate::cases::Second;
use crate::cases::views::{Axis, CrossTab, Share, crosstab};
use crate::chart::spec::{Frame, Heatmap, Language, NumberFormat, Totals};
use crate::chart::{Chart, Ramp};

/// Wards and authorities beyond these are left out, and the chart says so.
const MOST_ROWS: usize = 40;
/// So many weeks or categories are told apart.
const MOST_COLUMNS: usize = 26;

/// A row or a column of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridKey {
    /// Its code; empty for what belongs to no unit.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Overdue of the cases that fell due in it.
    pub total: Share,
    /// Whether more cases may still fall due in it: a week that is not over.
    pub is_running: bool,
}

/// Shares overdue by two axes in the order in which they are shown, with the words around them: a heatmap before it is
/// drawn or written as a table.
#[derive(Debug, Clone)]
pub struct OverdueGrid {
    /// Message, what is shown, where it comes from.
    pub frame: Frame,
    /// What rows are, as a heading.
    pub row_heading: String,
    /// The highest share first.
    pub rows: Vec<GridKey>,
    /// By volume, or in order of time.
    pub columns: Vec<GridKey>,
    /// Row by row.
    pub cells: Vec<Vec<Share>>,
    /// All units together.
    pub average: Share,
}

/// Rows of units, the highest share first; columns of categories or channels by volume, or of time.
pub fn heatmap(asked: &Asked<'_>, rows: Axis, columns: Axis) -> Result<Chart, GalleryError> {
    let grid = grid(asked, rows, columns)?;
    let words = asked.words();
    if grid.rows.is_empty() || grid.columns.is_empty() {
        return Ok(asked.only_words(grid.frame));
    }
    let row = |shares: &Vec<Share>| {
        shares.iter().zip(&grid.columns).map(|(share, column)| cell(*share, column.is_running)).collect()
    };
    Ok(Chart::Heatmap(Heatmap {
        cells: grid.cells.iter().map(row).collect(),
        totals: Some(Totals {
            heading: words.pick("Chung", "All").to_owned(),
            cells: grid.rows.iter().map(|row| cell(row.total, false)).collect(),
        }),
        frame: grid.frame,
        row_heading: grid.row_heading,
        rows: grid.rows.into_iter().map(|row| row.name).collect(),
        columns: grid.columns.into_iter().map(|column| column.name).collect(),
        ramp: Ramp::overdue(),
        format: NumberFormat::new(0, "%"),
        show_n: true,
    }))
}

/// The numbers and words of [`heatmap`].
pub fn grid(asked: &Asked<'_>, rows: Axis, columns: Axis) -> Result<OverdueGrid, GalleryError> {
    let lens = asked.lens()?;
    let (names, words) = (asked.names(&lens), asked.words());
    let table = crosstab(&lens, rows, columns)?;
    let overdue = |share: &crate::cases::views::Tally| share.overdue(lens.basis);
    let (all_rows, hidden) = row_order(&table, &|row| overdue(&table.row_totals[row]));
    let column_order = column_order(&table, columns, &|column| overdue(&table.column_totals[column]));
    let keys = all_rows.iter().map(|row| GridKey {
        code: table.rows[*row].to_string(),
        name: names.of(rows, &table.rows[*row]),
        total: overdue(&table.row_totals[*row]),
        is_running: false,
    });
    let mut keys: Vec<GridKey> = keys.collect();
    let units = || keys.iter().filter(|key| !key.code.is_empty());
    let ranked: Vec<(String, Share)> =
        units().filter(|key| !key.total.is_small()).map(|key| (key.name.clone(), key.total)).collect();
    let average = units().fold(Share::default(), |sum, key| sum.plus(key.total));
    let window = words.window(lens.from, lens.to);
    let title = Standing { words, units: rows, window: &window, ranked: &ranked, average }.headline();
    let shown = all_rows.len() - hidden;
    let frame = asked.frame(&lens, title, &what(words, rows, columns, (shown, all_rows.len())));
    let description = format!("{}.{}", frame.subtitle, told(words, &ranked));
    keys.truncate(shown);
    let column = |column: &usize| GridKey {
        code: table.columns[*column].to_string(),
        name: names.of(columns, &table.columns[*column]),
        total: overdue(&table.column_totals[*column]),
        is_running: is_unfinished(columns, &table.columns[*column], column + 1 == table.columns.len(), lens.to),
    };
    let cells = all_rows[..shown].iter();
    Ok(OverdueGrid {
        frame: frame.description(description),
        row_heading: upper_first(words.unit(rows)),
        rows: keys,
        columns: column_order.iter().map(column).collect(),
        cells: cells.map(|row| column_order.iter().map(|c| overdue(table.cell(*row, *c))).collect()).collect(),
        average,
    })
}

fn what(words: Words, rows: Axis, columns: Axis, (shown, all): (usize, usize)) -> String {
    let part = if shown == all { String::new() } else { part_of(words, (shown, all), rows) };
    let (rows, columns) = (words.unit(rows), words.unit(columns));
    match words.0 {
        Language::Vi => format!("Tỷ lệ trễ hạn, % số phản ánh đến hạn, theo {rows} và {columns}{part}"),
        Language::En => format!("Share overdue, % of cases due, by {rows} and {columns}{part}"),
    }
}

/// "(40 cao nhất trong 168 phường, xã)".
pub(super) fn part_of(words: Words, (shown, all): (usize, usize), units: Axis) -> String {
    let (shown, all) = (words.count(shown as u64), words.count(all as u64));
    match words.0 {
        Language::Vi => format!(" ({shown} cao nhất trong {all} {})", words.unit(units)),
        Language::En => format!(" (highest {shown} of {all} {})", words.units(units)),
    }
}

/// Rows with cases due: the highest share first, then those with too few by how many, then what belongs to no unit. Also
/// how many of the last do not fit.
fn row_order(table: &CrossTab, share: &dyn Fn(usize) -> Share) -> (Vec<usize>, usize) {
    let mut rows: Vec<usize> = (0..table.rows.len()).filter(|row| share(*row).cases > 0).collect();
    let class = |row: usize| (table.rows[row].is_empty(), share(row).is_small());
    rows.sort_by(|a, b| {
        let (one, other) = (share(*a), share(*b));
        let by_share = if one.is_small() { std::cmp::Ordering::Equal } else { other.cmp_share(one) };
        class(*a)
            .cmp(&class(*b))
            .then(by_share)
            .then(other.cases.cmp(&one.cases))
            .then(table.rows[*a].cmp(&table.rows[*b]))
    });
    let hidden = rows.len().saturating_sub(MOST_ROWS);
    (rows, hidden)
}

/// Time goes on; categories and channels come by how many cases fell due.
fn column_order(table: &CrossTab, axis: Axis, share: &dyn Fn(usize) -> Share) -> Vec<usize> {
    let all = 0..table.columns.len();
    if axis.is_time() {
        return all.skip(table.columns.len().saturating_sub(MOST_COLUMNS)).collect();
    }
    let mut columns: Vec<usize> = all.filter(|column| share(*column).cases > 0).collect();
    columns.sort_by(|a, b| share(*b).cases.cmp(&share(*a).cases).then(table.columns[*a].cmp(&table.columns[*b])));
    columns.truncate(MOST_COLUMNS);
    columns
}

/// Whether more cases may still fall due in a column of time.
fn is_unfinished(axis: Axis, key: &str, is_last: bool, to: Second) -> bool {
    match axis {
        Axis::Month => month_of(key).is_some_and(|month| is_running(month, to)),
        // A week ends on Monday at midnight, four days after the epoch's Thursday.
        Axis::Week => is_last && to % (7 * 86_400) != 4 * 86_400,
        _ => false,
    }
}

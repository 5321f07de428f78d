//! `overdue-heatmap`: units by what, with the share overdue in every cell.

use super::super::asked::{Asked, is_running};
use super::super::error::GalleryError;
use super::super::names::month_of;
use super::super::words::{Words, upper_first};
use super::headline::Standing;
use super::{cell, told};
use crate::cases::Second;
use crate::cases::views::{Axis, CrossTab, Share, crosstab};
use crate::chart::spec::{Heatmap, Language, NumberFormat, Totals};
use crate::chart::{Chart, Ramp};

/// Wards and authorities beyond these are left out, and the chart says so.
const MOST_ROWS: usize = 40;
/// So many weeks or categories are told apart.
const MOST_COLUMNS: usize = 26;

/// Rows of units, the highest share first; columns of categories or channels by volume, or of time.
pub fn heatmap(asked: &Asked<'_>, rows: Axis, columns: Axis) -> Result<Chart, GalleryError> {
    let lens = asked.lens()?;
    let (names, words) = (asked.names(&lens), asked.words());
    let table = crosstab(&lens, rows, columns)?;
    let overdue = |share: &crate::cases::views::Tally| share.overdue(lens.basis);
    let (all_rows, hidden) = row_order(&table, &|row| overdue(&table.row_totals[row]));
    let column_order = column_order(&table, columns, &|column| overdue(&table.column_totals[column]));
    let named = |row: &usize| names.of(rows, &table.rows[*row]);
    let totals: Vec<(String, Share)> =
        all_rows.iter().map(|row| (named(row), overdue(&table.row_totals[*row]))).collect();
    let is_unit = |row: &usize| !table.rows[*row].is_empty();
    let ranked: Vec<(String, Share)> = all_rows
        .iter()
        .zip(&totals)
        .filter(|(row, (_, share))| is_unit(row) && !share.is_small())
        .map(|(_, total)| total.clone())
        .collect();
    let average = all_rows.iter().filter(|row| is_unit(row));
    let average = average.fold(Share::default(), |sum, row| sum.plus(overdue(&table.row_totals[*row])));
    let window = words.window(lens.from, lens.to);
    let title = Standing { words, units: rows, window: &window, ranked: &ranked, average }.headline();
    let shown: Vec<usize> = all_rows[..all_rows.len() - hidden].to_vec();
    let frame = asked.frame(&lens, title, &what(words, rows, columns, (shown.len(), all_rows.len())));
    let description = format!("{}.{}", frame.subtitle, told(words, &ranked));
    let frame = frame.description(description);
    if shown.is_empty() || column_order.is_empty() {
        return Ok(asked.only_words(frame));
    }
    let running =
        |column: usize| is_unfinished(columns, &table.columns[column], column + 1 == table.columns.len(), lens.to);
    let cells = shown.iter().map(|row| {
        column_order.iter().map(|column| cell(overdue(table.cell(*row, *column)), running(*column))).collect()
    });
    Ok(Chart::Heatmap(Heatmap {
        frame,
        row_heading: upper_first(words.unit(rows)),
        rows: shown.iter().map(named).collect(),
        columns: column_order.iter().map(|column| names.of(columns, &table.columns[*column])).collect(),
        cells: cells.collect(),
        totals: Some(Totals {
            heading: words.pick("Chung", "All").to_owned(),
            cells: shown.iter().map(|row| cell(overdue(&table.row_totals[*row]), false)).collect(),
        }),
        ramp: Ramp::overdue(),
        format: NumberFormat::new(0, "%"),
        show_n: true,
    }))
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

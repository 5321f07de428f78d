//! Where the parts of a heatmap lie: names left, names above, cells, totals.

use super::super::scene::{Area, Pen};
use super::super::spec::Heatmap;
use super::super::text::lines;
use super::super::theme::{self, Type};

/// Least width and height of a cell in which a number can be read, in label sizes.
const LEAST_WIDTH: f64 = 2.35;
const LEAST_HEIGHT: f64 = 0.95;

/// Everything measured.
#[derive(Debug)]
pub(super) struct Layout {
    /// Width of the row names.
    pub names: f64,
    /// Height of the column names.
    pub heads: f64,
    /// Column names, broken into lines.
    pub column_lines: Vec<Vec<String>>,
    /// Whether column names read upwards.
    pub turned: bool,
    /// Columns and rows that fit.
    pub columns: usize,
    pub rows: usize,
    /// One cell.
    pub cell: (f64, f64),
    /// Space before the column of totals.
    pub gap: f64,
}

impl Layout {
    /// Measures for this room.
    pub(super) fn of(spec: &Heatmap, area: Area, letters: &Type) -> Layout {
        let label = Pen::new(letters.label, theme::INK);
        let longest = spec.rows.iter().map(|name| label.width(name)).fold(0.0, f64::max);
        let narrow = area.width < 45.0 * letters.label;
        let names = (longest + letters.label).min(area.width * if narrow { 0.33 } else { 0.24 }).ceil();
        let totals = usize::from(spec.totals.is_some());
        let gap = if totals > 0 { (letters.label * 0.6).round() } else { 0.0 };
        let room = area.width - names - gap;
        let fitting = (room / (LEAST_WIDTH * letters.label)).floor() as usize;
        let columns = spec.columns.len().min(fitting.saturating_sub(totals)).max(1);
        // Few columns do not become billboards.
        let wide = (room / (columns + totals) as f64).min(9.0 * letters.label).floor();
        let mut layout =
            Layout { names, heads: 0.0, column_lines: vec![], turned: false, columns, rows: 0, cell: (wide, 0.0), gap };
        layout.head(spec, area, letters);
        let room = area.height - layout.heads;
        layout.rows = spec.rows.len().min((room / (LEAST_HEIGHT * letters.label)).floor().max(1.0) as usize);
        layout.cell.1 = (room / layout.rows as f64).min(3.4 * letters.label).max(1.0);
        layout
    }

    /// Column names: level if they fit in three lines, else reading upwards in the least height that holds them.
    fn head(&mut self, spec: &Heatmap, area: Area, letters: &Type) {
        let pen = Pen::new(letters.small, theme::INK);
        let shown = || spec.columns[..self.columns].iter().chain(spec.totals.as_ref().map(|t| &t.heading));
        let whole = |broken: &[Vec<String>]| broken.iter().flatten().all(|line| !line.ends_with('…'));
        let level: Vec<Vec<String>> =
            shown().map(|name| lines(name, pen.size, pen.weight, self.cell.0 - 4.0, 3)).collect();
        let step = pen.size * 1.22;
        if whole(&level) {
            let most = level.iter().map(Vec::len).max().unwrap_or(1);
            self.heads = (step * most as f64 + pen.size * 0.6).ceil();
            self.column_lines = level;
            return;
        }
        self.turned = true;
        let most = ((self.cell.0 / step).floor() as usize).clamp(1, 3);
        let tallest = (area.height * 0.34).min(16.0 * pen.size);
        let mut high = 4.0 * pen.size;
        loop {
            let broken = |name: &String| lines(name, pen.size, pen.weight, high, most);
            // The first name that does not fit ends the attempt.
            let fitting: Option<Vec<Vec<String>>> =
                shown().map(broken).map(|name| whole(std::slice::from_ref(&name)).then_some(name)).collect();
            if fitting.is_some() || high >= tallest {
                self.column_lines = fitting.unwrap_or_else(|| shown().map(broken).collect());
                self.heads = (high + pen.size * 0.7).ceil();
                return;
            }
            high = (high + pen.size).min(tallest);
        }
    }

    /// The place of a cell; column `columns` is the totals'.
    pub(super) fn cell_at(&self, area: Area, row: usize, column: usize) -> Area {
        let shift = if column >= self.columns { self.gap } else { 0.0 };
        Area {
            x: (area.x + self.names + shift).round() + self.cell.0 * column as f64,
            y: (area.y + self.heads).round() + self.cell.1 * row as f64,
            width: self.cell.0,
            height: self.cell.1,
        }
        .snapped()
    }
}

/// Height of heads, rows and key at this width.
pub(super) fn fitting(spec: &Heatmap, width: f64, letters: &Type) -> f64 {
    let area = Area { x: 0.0, y: 0.0, width: width - 2.0 * letters.margin, height: 60.0 * letters.label };
    let row = if spec.show_n { 2.7 } else { 1.7 };
    Layout::of(spec, area, letters).heads + spec.rows.len() as f64 * row * letters.label + 3.4 * letters.small
}

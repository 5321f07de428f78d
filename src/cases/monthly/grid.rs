//! Cells by month, row and column: place by category, place by channel, authority by category.
//!
//! A month is a page. A page is a plain table while rows times columns are few ([`DENSE_CELLS`]: 1 MB a month), else it
//! holds only cells that something was counted in. A finished [`Grid`] shares its pages with its copies; an
//! [`OpenGrid`] owns the pages that it writes to.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::cell::Cell;
use super::months::MonthNo;

/// Up to this many rows times columns a page is a plain table. Ho Chi Minh City has about 350 places and 12 categories;
/// a city with 300 areas and 250 categories is above.
pub(super) const DENSE_CELLS: usize = 8192;

/// Months that a second can lie in, and one.
const MONTHS: usize = 1640;

/// How many rows and columns there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Shape {
    rows: usize,
    columns: usize,
}

impl Shape {
    fn is_dense(self) -> bool {
        self.rows * self.columns <= DENSE_CELLS
    }

    /// Room for numbers up to these, with some to grow into.
    fn to_hold(self, row: u16, column: u16) -> Self {
        let grown = |size: usize, number: u16, step: usize| size.max((usize::from(number) + 1).next_multiple_of(step));
        Self { rows: grown(self.rows, row, 16), columns: grown(self.columns, column, 2) }
    }

    fn max(self, other: Self) -> Self {
        Self { rows: self.rows.max(other.rows), columns: self.columns.max(other.columns) }
    }
}

/// Multiplies the bits of a key apart: keys are row and column in one number, and only their cells are looked up.
#[derive(Debug, Default, Clone, Copy)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        let mixed = (self.0 ^ u64::from(key)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

type Numbers = HashMap<u32, u32, BuildHasherDefault<KeyHasher>>;

fn key(row: u16, column: u16) -> u32 {
    u32::from(row) << 16 | u32::from(column)
}

/// The cells of one month.
#[derive(Debug, Clone)]
pub(super) struct Page {
    shape: Shape,
    cells: Vec<Cell>,
    /// Keys of the cells, where the page is no plain table.
    keys: Vec<u32>,
    numbers: Numbers,
}

impl Page {
    fn new(shape: Shape) -> Self {
        let len = if shape.is_dense() { shape.rows * shape.columns } else { 0 };
        Self { shape, cells: vec![Cell::ZERO; len], keys: Vec::new(), numbers: Numbers::default() }
    }

    /// The cell of a row and column that the page's shape holds.
    #[inline]
    fn cell(&mut self, row: u16, column: u16) -> &mut Cell {
        if self.shape.is_dense() {
            return &mut self.cells[usize::from(row) * self.shape.columns + usize::from(column)];
        }
        let next = self.cells.len() as u32;
        let number = *self.numbers.entry(key(row, column)).or_insert(next);
        if number == next {
            self.cells.push(Cell::ZERO);
            self.keys.push(key(row, column));
        }
        &mut self.cells[number as usize]
    }

    /// The cell of a row and column, if there may be something in it.
    pub fn get(&self, row: u16, column: u16) -> Option<&Cell> {
        if !self.shape.is_dense() {
            return self.numbers.get(&key(row, column)).map(|number| &self.cells[*number as usize]);
        }
        let column = usize::from(column);
        self.cells.get(usize::from(row) * self.shape.columns + column).filter(|_| column < self.shape.columns)
    }

    /// Cells with their rows and columns, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (u16, u16, &Cell)> {
        self.cells.iter().enumerate().map(|(number, cell)| match self.keys.get(number) {
            Some(key) => ((key >> 16) as u16, *key as u16, cell),
            None => ((number / self.shape.columns) as u16, (number % self.shape.columns) as u16, cell),
        })
    }

    fn reshaped(self, shape: Shape) -> Self {
        if self.shape == shape || !(self.shape.is_dense() || shape.is_dense()) {
            return Self { shape, ..self };
        }
        let mut page = Self::new(shape);
        page.add(&self);
        page
    }

    /// Adds all cells of another page, whose shape is not larger.
    fn add(&mut self, other: &Page) {
        if self.shape == other.shape && self.shape.is_dense() {
            self.cells.iter_mut().zip(&other.cells).for_each(|(to, from)| to.add(from));
            return;
        }
        for (row, column, cell) in other.iter().filter(|(.., cell)| **cell != Cell::ZERO) {
            self.cell(row, column).add(cell);
        }
    }
}

/// All cells, not to be written to any more.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    shape: Shape,
    pages: BTreeMap<MonthNo, Arc<Page>>,
}

impl Grid {
    /// The pages by month.
    pub fn pages(&self) -> &BTreeMap<MonthNo, Arc<Page>> {
        &self.pages
    }

    /// How many rows and columns there may be.
    pub fn room(&self) -> (usize, usize) {
        (self.shape.rows, self.shape.columns)
    }

    /// The cells that something is in, in order of month, row and column.
    pub fn cells(&self) -> BTreeMap<(MonthNo, u16, u16), Cell> {
        let counted = |(month, page): (&MonthNo, &Arc<Page>)| {
            let cells = page.iter().filter(|(.., cell)| **cell != Cell::ZERO);
            cells.map(|(row, column, cell)| ((*month, row, column), *cell)).collect::<Vec<_>>()
        };
        self.pages.iter().flat_map(counted).collect()
    }
}

/// Two grids are alike if the same was counted, whatever room there is.
impl PartialEq for Grid {
    fn eq(&self, other: &Self) -> bool {
        self.cells() == other.cells()
    }
}

/// Cells being counted.
#[derive(Debug)]
pub(super) struct OpenGrid {
    shape: Shape,
    pages: Vec<Option<Box<Page>>>,
    /// Pages of the grid it began with that were not written to yet.
    closed: BTreeMap<MonthNo, Arc<Page>>,
}

impl OpenGrid {
    /// Goes on from a grid.
    pub fn on(grid: Grid) -> Self {
        Self { shape: grid.shape, pages: vec![None; MONTHS], closed: grid.pages }
    }

    /// Makes room for numbers up to these.
    pub fn fit(&mut self, row: u16, column: u16) {
        self.reshape(self.shape.to_hold(row, column));
    }

    fn reshape(&mut self, shape: Shape) {
        if self.shape != shape {
            self.shape = shape;
            for page in self.pages.iter_mut() {
                *page = page.take().map(|page| Box::new(page.reshaped(shape)));
            }
        }
    }

    /// The cell of a month, row and column that there is room for.
    #[inline]
    pub fn cell(&mut self, month: MonthNo, row: u16, column: u16) -> &mut Cell {
        let at = usize::from(month);
        if self.pages[at].is_none() {
            self.open(month);
        }
        match &mut self.pages[at] {
            Some(page) => page.cell(row, column),
            None => unreachable!("the page was opened"),
        }
    }

    #[cold]
    fn open(&mut self, month: MonthNo) {
        let page = match self.closed.remove(&month) {
            Some(page) => Arc::unwrap_or_clone(page).reshaped(self.shape),
            None => Page::new(self.shape),
        };
        self.pages[usize::from(month)] = Some(Box::new(page));
    }

    /// Adds all cells of another grid. A month that only the other has is taken over as it is.
    pub fn add(&mut self, other: Grid) {
        self.reshape(self.shape.max(other.shape));
        for (month, from) in other.pages {
            let at = usize::from(month);
            if self.pages[at].is_none() && !self.closed.contains_key(&month) {
                self.closed.insert(month, from);
                continue;
            }
            if self.pages[at].is_none() {
                self.open(month);
            }
            if let Some(page) = &mut self.pages[at] {
                page.add(&from);
            }
        }
    }

    /// The grid with all that was counted.
    pub fn finish(self) -> Grid {
        let mut pages = self.closed;
        let open = self.pages.into_iter().enumerate();
        pages.extend(open.filter_map(|(month, page)| Some((month as MonthNo, Arc::new(*page?)))));
        Grid { shape: self.shape, pages }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(spots: &[(u16, u16, u16)]) -> Grid {
        let mut grid = OpenGrid::on(Grid::default());
        for (month, row, column) in spots {
            grid.fit(*row, *column);
            grid.cell(*month, *row, *column).0[0] += 1;
        }
        grid.finish()
    }

    #[test]
    fn room_grows_and_nothing_is_lost() {
        let spots = [(600, 0, 0), (601, 31, 3), (600, 40, 9), (600, 300, 250), (5, 0, 0), (600, 40, 9)];
        let grid = counted(&spots);
        assert!(!grid.shape.is_dense());
        let found: Vec<_> = grid.cells().into_iter().map(|(at, cell)| (at, cell.0[0])).collect();
        let expected = [((5, 0, 0), 1), ((600, 0, 0), 1), ((600, 40, 9), 2), ((600, 300, 250), 1), ((601, 31, 3), 1)];
        assert_eq!(found, expected);
        let page = &grid.pages()[&600];
        assert_eq!(page.get(40, 9).map(|cell| cell.0[0]), Some(2));
        assert_eq!(page.get(7, 7).map(|cell| cell.0[0]), None);
    }

    #[test]
    fn grids_add_up_whatever_their_shapes() {
        let (small, large) = ([(600, 1, 2), (601, 5, 5)], [(600, 1, 2), (600, 300, 250), (602, 60, 1)]);
        let both = counted(&[&small[..], &large].concat());
        for (first, second) in [(&small[..], &large[..]), (&large, &small)] {
            let mut sum = OpenGrid::on(counted(first));
            sum.add(counted(second));
            assert_eq!(sum.finish(), both);
        }
    }

    #[test]
    fn a_copy_keeps_its_pages() {
        let before = counted(&[(600, 1, 2), (601, 1, 2)]);
        let mut next = OpenGrid::on(before.clone());
        next.cell(600, 1, 2).0[0] += 1;
        let after = next.finish();
        assert_eq!(before.pages()[&600].get(1, 2).map(|cell| cell.0[0]), Some(1));
        assert_eq!(after.pages()[&600].get(1, 2).map(|cell| cell.0[0]), Some(2));
        assert!(Arc::ptr_eq(&before.pages()[&601], &after.pages()[&601]));
    }
}

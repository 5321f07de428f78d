//! Where the tiles of a tile map lie: declared, not computed.
//!
//! A layout is a small CSV file, `code,name,column,row,block`; columns run east, rows south. `block` groups tiles that
//! share a border and a name, such as the wards of a former district; it may be empty.

use std::collections::BTreeSet;

use super::ChartError;

/// Places of all areas of one map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileLayout {
    tiles: Vec<Tile>,
    blocks: Vec<TileBlock>,
    columns: u32,
    rows: u32,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Area code, as of the date the layout is for.
    pub code: String,
    /// Short name, as it stands in the tile.
    pub name: String,
    /// From the west, from 0.
    pub column: u32,
    /// From the north, from 0.
    pub row: u32,
    /// Name of its block, if it is in one.
    pub block: String,
}

/// Tiles under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileBlock {
    /// Its name.
    pub name: String,
    /// (column, row) of its tiles.
    pub places: BTreeSet<(u32, u32)>,
}

impl TileLayout {
    /// The 22 districts of Ho Chi Minh City from 1/1/2021 to 30/6/2025.
    pub fn districts_2021() -> TileLayout {
        TileLayout::read(include_str!("layouts/districts_2021.csv")).expect("the shipped layout is read by a test")
    }

    /// The 168 wards, communes and the special zone from 1/7/2025, in blocks by former district or province part.
    pub fn wards_2025() -> TileLayout {
        TileLayout::read(include_str!("layouts/wards_2025.csv")).expect("the shipped layout is read by a test")
    }

    /// Reads `code,name,column,row,block` with that header. Two tiles on one place, and one code twice, are errors.
    pub fn read(text: &str) -> Result<TileLayout, ChartError> {
        let problem = |line: usize, problem: String| ChartError::Layout { line, problem };
        let mut tiles: Vec<Tile> = Vec::new();
        let mut places = BTreeSet::new();
        let mut codes = BTreeSet::new();
        for (number, line) in text.lines().enumerate().map(|(i, line)| (i + 1, line.trim())) {
            if number == 1 {
                if line != "code,name,column,row,block" {
                    return Err(problem(1, format!("the header is \"{line}\", not \"code,name,column,row,block\"")));
                }
                continue;
            }
            if line.is_empty() {
                continue;
            }
            let fields: Vec<&str> = line.split(',').collect();
            let [code, name, column, row, block] = fields[..] else {
                return Err(problem(number, format!("{} fields where 5 are due", fields.len())));
            };
            let whole = |text: &str| match text.parse::<u32>() {
                Ok(value) if value < 200 => Ok(value),
                _ => Err(problem(number, format!("\"{text}\" is not a place from 0 to 199"))),
            };
            let (column, row) = (whole(column)?, whole(row)?);
            if !places.insert((column, row)) {
                return Err(problem(number, format!("column {column}, row {row} is taken")));
            }
            if !codes.insert(code) {
                return Err(problem(number, format!("\"{code}\" is there already")));
            }
            tiles.push(Tile { code: code.into(), name: name.into(), column, row, block: block.into() });
        }
        Ok(TileLayout::of(tiles))
    }

    fn of(tiles: Vec<Tile>) -> TileLayout {
        let mut blocks: Vec<TileBlock> = Vec::new();
        for tile in tiles.iter().filter(|t| !t.block.is_empty()) {
            let place = (tile.column, tile.row);
            match blocks.iter_mut().find(|b| b.name == tile.block) {
                Some(block) => {
                    block.places.insert(place);
                }
                None => blocks.push(TileBlock { name: tile.block.clone(), places: BTreeSet::from([place]) }),
            }
        }
        let columns = tiles.iter().map(|t| t.column + 1).max().unwrap_or(0);
        let rows = tiles.iter().map(|t| t.row + 1).max().unwrap_or(0);
        TileLayout { tiles, blocks, columns, rows }
    }

    /// All tiles, in the order of the file.
    pub fn tiles(&self) -> &[Tile] {
        &self.tiles
    }

    /// All blocks, in the order of their first tiles.
    pub fn blocks(&self) -> &[TileBlock] {
        &self.blocks
    }

    /// Columns and rows of the whole map.
    pub fn extent(&self) -> (u32, u32) {
        (self.columns, self.rows)
    }
}

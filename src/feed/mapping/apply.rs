//! A mapping over the bytes of one file or answer.

use super::assign::{Assigned, Figure, Setting, assign};
use super::label;
use super::lookup::Fault;
use super::mapped::{Mapped, MappedTarget, MappingError};
use super::model::{Kind, Mapping, Pick, Rule, SheetLayout, SourceFormat};
use super::published::{Pull, published};
use super::reading::{Place, Readings};
use super::sheet::{self, FoundTable, SheetReadings};
use super::table::{ShapeProblem, TableReadings};
use super::tidy::TidyReadings;
use super::{json, settle};
use crate::catalog::Catalog;
use crate::domain::{Observation, Target, Unit, Vintage};
use crate::format::grid::{Grid, Workbook};
use crate::format::{self, Tidy};

impl Mapping {
    /// Maps the bytes of one file or answer. `name` is the file path or URL (file names are taken from it), `pulled_at`
    /// the vintage of figures whose source does not say when they were published.
    ///
    /// The result depends on nothing else, so the same bytes give the same figures in a replay.
    ///
    /// # Errors
    /// Bytes of another format or shape than declared. Single values that are not understood are no error: they are
    /// in [`Mapped::rejected`].
    pub fn apply(
        &self,
        bytes: &[u8],
        name: &str,
        pulled_at: Vintage,
        catalog: &Catalog,
    ) -> Result<Mapped, MappingError> {
        let mut mapped = Mapped::default();
        let mut assigned = Assigned::default();
        let source = self.read(bytes, name)?;
        let (updated, workbook) = match &source {
            Source::Tidy(tidy) => (tidy.updated.as_deref(), None),
            Source::Workbook(workbook) => (None, Some(workbook)),
        };
        let pull = Pull { name, pulled_at, updated, workbook };
        mapped.published = published(&self.published, pull, &mut mapped.notes)?;
        let setting = Setting {
            mapping: self,
            catalog,
            source_name: name,
            file_name: pull.file_name(),
            published: mapped.published,
            pulled_at,
            current: None,
        };
        match &source {
            Source::Tidy(tidy) => {
                mapped.notes.extend(tidy.notes.iter().cloned());
                let rules: Vec<&Rule> = self.rules.iter().collect();
                assign(&TidyReadings(tidy), &rules, setting, &mut assigned)?;
            }
            Source::Workbook(workbook) => {
                mapped.notes.extend(workbook.notes.iter().cloned());
                self.tables(workbook, setting, &mut assigned, &mut mapped.notes)?;
                self.layouts(workbook, setting, &mut assigned, &mut mapped.notes)?;
            }
        }
        let figures = settle::settle(&mut assigned);
        mapped.counts = assigned.counts;
        mapped.rejected = assigned.rejected;
        match self.kind {
            Kind::Observations => mapped.observations = figures.into_iter().map(observation).collect(),
            Kind::Targets => mapped.targets = figures.into_iter().filter_map(target).collect(),
        }
        Ok(mapped)
    }

    fn read(&self, bytes: &[u8], name: &str) -> Result<Source, MappingError> {
        let tidy = match self.format {
            SourceFormat::Auto => format::read_any(bytes, name)?,
            SourceFormat::Px => format::read_px(bytes)?,
            SourceFormat::JsonStat => format::read_jsonstat(bytes)?,
            SourceFormat::SdmxMl => format::read_sdmx_ml(bytes)?,
            SourceFormat::SdmxCsv => format::read_sdmx_csv(bytes)?,
            SourceFormat::SdmxJson => format::read_sdmx_json(bytes)?,
            SourceFormat::Csv | SourceFormat::Workbook => return Ok(Source::Workbook(format::read_workbook(bytes)?)),
            SourceFormat::Json => {
                let grids = vec![json::read_records(bytes, &self.table.rows)?];
                return Ok(Source::Workbook(Workbook { format: "JSON", grids, notes: Vec::new() }));
            }
        };
        Ok(Source::Tidy(tidy))
    }

    /// Tables of one header row, under `[[map]]`.
    fn tables(
        &self,
        workbook: &Workbook,
        setting: Setting<'_>,
        out: &mut Assigned,
        notes: &mut Vec<String>,
    ) -> Result<(), MappingError> {
        if self.rules.is_empty() {
            return Ok(());
        }
        let rules: Vec<&Rule> = self.rules.iter().collect();
        let mut reasons = Vec::new();
        let mut found = 0;
        for grid in &workbook.grids {
            if self.table.sheet.as_ref().is_some_and(|p| !p.matches(grid.sheet())) {
                continue;
            }
            match TableReadings::new(grid, &self.table) {
                Ok(readings) => {
                    notes.extend(hidden(grid));
                    assign(&readings, &rules, setting, out)?;
                    found += 1;
                }
                // An empty array or file is an empty answer, which the feed's contract judges.
                Err(ShapeProblem::NoHeader(_)) if grid.cells().is_empty() => found += 1,
                Err(problem) => reasons.push(in_sheet(grid.sheet(), &problem.to_string())),
            }
        }
        if found == 0 {
            return Err(self.no_table(setting, "map", reasons));
        }
        notes.extend(reasons.into_iter().map(|r| format!("not read: {r}")));
        Ok(())
    }

    /// Tables of several header rows, under `[[sheet]]`: of the alternatives for one table the first that fits.
    fn layouts(
        &self,
        workbook: &Workbook,
        setting: Setting<'_>,
        out: &mut Assigned,
        notes: &mut Vec<String>,
    ) -> Result<(), MappingError> {
        let mut names: Vec<&str> = Vec::new();
        for sheet in &self.sheets {
            if !names.contains(&sheet.table.as_str()) {
                names.push(&sheet.table);
            }
        }
        for name in names {
            let mut reasons = Vec::new();
            let alternatives = self.sheets.iter().filter(|s| s.table == name);
            let found = alternatives.map(|layout| find_in(workbook, layout, setting.file_name, &mut reasons));
            let Some(tables) = found.into_iter().find(|tables| !tables.is_empty()) else {
                return Err(self.no_table(setting, name, reasons));
            };
            for table in &tables {
                let current = table.current.map(|p| p.to_string()).unwrap_or_default();
                let (sheet, line) = (table.grid.sheet(), table.layout_line());
                notes.push(format!(
                    "table \"{name}\" from sheet \"{sheet}\" by line {line} of the mapping, newest month {current}"
                ));
                notes.extend(hidden(table.grid));
                lay_out(table, Setting { current: table.current, ..setting }, out)?;
            }
        }
        Ok(())
    }

    fn no_table(&self, setting: Setting<'_>, table: &str, mut reasons: Vec<String>) -> MappingError {
        if reasons.is_empty() {
            reasons.push("no sheet has a name that the mapping knows".to_owned());
        }
        let source_name = setting.source_name.to_owned();
        MappingError::NoTable { source_name, table: table.to_owned(), reasons }
    }
}

/// What the reader made of the bytes.
enum Source {
    Tidy(Tidy),
    Workbook(Workbook),
}

fn in_sheet(sheet: &str, problem: &str) -> String {
    if sheet.is_empty() { problem.to_owned() } else { format!("sheet \"{sheet}\": {problem}") }
}

/// Hidden rows are read like the others: hiding is for the eye, and a total needs its parts. But somebody should know.
fn hidden(grid: &Grid) -> Option<String> {
    let count = grid.hidden_rows.len();
    (grid.hidden || count > 0).then(|| {
        let sheet = if grid.hidden { "the sheet itself".to_owned() } else { format!("{count} rows") };
        format!("sheet \"{}\" hides {sheet}; read like the rest", grid.sheet())
    })
}

fn find_in<'a>(
    workbook: &'a Workbook,
    layout: &'a SheetLayout,
    file_name: &str,
    reasons: &mut Vec<String>,
) -> Vec<FoundTable<'a>> {
    let mut tables = Vec::new();
    for grid in workbook.grids.iter().filter(|g| layout.names.iter().any(|p| p.matches(g.sheet()))) {
        match sheet::find(grid, layout, file_name) {
            Ok(table) => tables.push(table),
            Err(problem) => reasons.push(in_sheet(grid.sheet(), &problem)),
        }
    }
    tables
}

fn lay_out(table: &FoundTable<'_>, setting: Setting<'_>, out: &mut Assigned) -> Result<(), MappingError> {
    for (rule, readings) in table.readings() {
        match unit_slip(rule, &table.units, setting.catalog) {
            None => assign(&readings, &[rule], setting, out)?,
            Some(why) => reject_all(&readings, &why, setting, out),
        }
    }
    for value in table.unclaimed() {
        out.counts.read += 1;
        if value.skipped {
            out.counts.skipped += 1;
            continue;
        }
        let place = Place { row: value.row, column: value.column };
        let fault = Fault { field: None, value: None, reason: value.reason };
        out.reject(place, fault, || value.value, format!("{}#{}", setting.source_name, value.at));
    }
    Ok(())
}

/// A unit written above the figures that measures the same thing on another scale: đồng, triệu and tỷ look alike.
fn unit_slip(rule: &Rule, written: &[String], catalog: &Catalog) -> Option<String> {
    let Pick::Constant(subject) = &rule.subject else { return None };
    let expected = match &rule.amount.unit {
        Some(Pick::Constant(unit)) => catalog.units.get(&**unit)?,
        Some(Pick::Column(_)) => return None,
        None => catalog.units.get(&catalog.measures.get(&**subject)?.unit)?,
    };
    let is_labelled =
        |unit: &Unit, text: &str| [&unit.label_vi, &unit.label_en].iter().any(|l| label::spaced(l) == text);
    let slip = written.iter().find(|text| {
        let mut alike =
            catalog.units.values().filter(|u| u.family == expected.family && is_labelled(u, text)).peekable();
        alike.peek().is_some() && alike.all(|u| u.factor != expected.factor)
    })?;
    let expected = &expected.label_vi;
    Some(format!("the sheet is in \"{slip}\", and \"{subject}\" is taken as \"{expected}\"; declare the sheet's unit"))
}

fn reject_all(readings: &SheetReadings<'_>, why: &str, setting: Setting<'_>, out: &mut Assigned) {
    for row in 0..readings.len() {
        out.counts.read += 1;
        if readings.cell(row, None) == super::reading::Cell::Blank {
            out.counts.blank += 1;
            continue;
        }
        let fault = Fault { field: None, value: None, reason: why.to_owned() };
        let source_ref = format!("{}#{}", setting.source_name, readings.at(row, None));
        out.reject(readings.place(row, None), fault, || readings.written(row, None), source_ref);
    }
}

fn observation(figure: Figure) -> Observation {
    Observation {
        measure: figure.subject,
        area: figure.area,
        org: figure.org,
        breakdown: figure.breakdown,
        period: figure.period,
        value: figure.value,
        status: figure.status,
        vintage: figure.vintage,
        source_ref: figure.source_ref,
        note: figure.note,
    }
}

fn target(figure: Figure) -> Option<MappedTarget> {
    let target = Target {
        indicator: figure.subject.to_string(),
        area: figure.area.to_string(),
        org: figure.org.to_string(),
        period: figure.period,
        value: figure.value?,
        vintage: figure.vintage,
    };
    Some(MappedTarget { target, source_ref: figure.source_ref })
}

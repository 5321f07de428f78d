//! `toancanh catalog check | list`.

use std::process::ExitCode;

use clap::Subcommand;

use super::{Failure, output};
use crate::app::AppError;
use crate::catalog::{self, Severity};
use crate::config::Config;
use crate::dashboard::DashboardSet;
use crate::error::ErrorCode;
use crate::feed::Declarations;

/// Check or list the catalogue.
#[derive(Debug, Subcommand)]
pub enum Catalog {
    /// Every problem of the declared files, dashboards among them, with file, line and hint.
    Check,
    /// All indicators.
    List,
}

impl Catalog {
    /// Checks or lists.
    pub fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        match self {
            Catalog::Check => check(config),
            Catalog::List => list(config),
        }
    }
}

fn check(config: &Config) -> Result<ExitCode, Failure> {
    let mut problems = catalog::check_dir(&config.catalog.dir);
    if let Ok(catalog) = catalog::load(&config.catalog.dir) {
        let mappings = Declarations::load_dir(&config.catalog.dir.join("feeds"), &catalog);
        problems.extend(mappings.err().into_iter().flat_map(|found| found.0));
        problems.extend_from_slice(DashboardSet::load(&config.dashboards.dir, &catalog).problems());
    }
    for problem in &problems {
        output::print_line(&problem.to_string())?;
    }
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    let (indicators, dashboards) = (config.catalog.dir.display(), config.dashboards.dir.display());
    output::print_line(&format!("{errors} errors, {warnings} warnings in \"{indicators}\" and \"{dashboards}\""))?;
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(ErrorCode::BadDeclaration.exit_code()) })
}

fn list(config: &Config) -> Result<ExitCode, Failure> {
    let catalog = catalog::load(&config.catalog.dir).map_err(AppError::from)?;
    let rows = catalog.indicators.values().map(|i| {
        let freqs = i.freqs().map(|f| f.as_str()).collect::<Vec<_>>().join(" ");
        let unit = catalog.unit_of(i).label_vi.clone();
        vec![i.code.clone(), i.name_vi.clone(), unit, freqs, i.level.as_str().to_owned(), i.source.as_str().to_owned()]
    });
    let table = output::table(&["Mã", "Chỉ tiêu", "Đơn vị", "Kỳ", "Cấp", "Nguồn"], &[], rows.collect());
    let (groups, measures) =
        (catalog.groups.len(), catalog.measures.values().filter(|m| m.published_for.is_none()).count());
    output::print_line(&table)?;
    output::print_line(&format!(
        "{} indicators in {groups} groups over {measures} measures; catalogue version {}",
        catalog.indicators.len(),
        catalog.version
    ))?;
    Ok(ExitCode::SUCCESS)
}

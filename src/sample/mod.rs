//! Synthetic feeds in the feeds' own formats, deterministic by seed, anchored on published figures.
//!
//! [`generate`] writes files into a [`Sink`] and returns the truth: every figure that a correct engine holds after
//! reading them. Where a figure of the city was published ([`anchors`]), the sample carries exactly that figure;
//! everything else is made up and says so in the files. The generator reads nothing but the dated areas and the working
//! days, and no clock. Citizens' reports of any size come from [`cases`].
//!
//! What it does not do: mapping (see `indicators/feeds/`), and anything with the files it wrote.

pub mod anchors;
pub mod cases;
pub mod cell;
pub mod gaps;

mod accounts;
mod departments;
mod geography;
mod industry;
mod insurance;
mod jsonstat_writer;
mod model;
mod noise;
mod office_accounts;
mod office_annual;
mod office_industry;
mod office_monthly;
mod office_population;
mod office_sdmx;
mod plan;
mod plan_city_services;
mod plan_economy;
mod plan_insurance;
mod plan_office;
mod plan_society;
mod press;
mod prices;
mod px_writer;
mod rake;
mod readme;
mod sdmx_writer;
mod shape;
mod split;
mod statement;
mod table_writer;
mod targets;
#[cfg(test)]
mod tests;

use crate::domain::{AreaTree, Freq, Period, WorkCalendar};
use crate::error::{Coded, ErrorCode};

pub use cell::Truth;
pub use insurance::{GatewayPage, gateway_pages};
pub use press::{FolderSink, MemorySink, Sink};
pub use targets::TargetTruth;

/// The note that every file of the sample carries.
pub const NOTE: &str = "Số liệu mẫu của Toàn Cảnh: mô phỏng, trừ các số đã công bố nêu trong data-samples/README.md";

/// Citizen cases of the committed sample: about what the city would have had from 2021 to June 2022.
const CITY_CASES: u64 = 46_000;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOptions {
    /// Same seed, same bytes.
    pub seed: u64,
    /// First month, not before 2019-01.
    pub from: Period,
    /// Last month, not after 2030-12; releases stop at its end.
    pub to: Period,
    /// Citizen cases to generate, from 2021 on.
    pub cases: u64,
}

impl SampleOptions {
    /// What `data-samples/` holds: seed 1, January 2019 to June 2022.
    pub fn committed() -> Self {
        let month = |y, m| Period::month(y, m).expect("months are 1..=12");
        Self { seed: 1, from: month(2019, 1), to: month(2022, 6), cases: CITY_CASES }
    }

    fn check(&self) -> Result<(), SampleError> {
        let (first, last) = (model::FIRST_YEAR, shape::LAST_YEAR);
        let months = self.from.freq() == Freq::M && self.to.freq() == Freq::M && self.from <= self.to;
        if !months || self.from.year() < first || self.to.year() > last {
            return Err(SampleError::Months { from: self.from, to: self.to, first, last });
        }
        Ok(())
    }

    /// Periods of a frequency that lie wholly inside.
    fn periods(&self, freq: Freq) -> Vec<Period> {
        let first = Period::from_index(Freq::M, self.from.index()).to_freq(freq).expect("coarser or equal");
        let last = self.to.to_freq(freq).expect("coarser or equal");
        (first.index()..=last.index())
            .map(|index| Period::from_index(freq, index))
            .filter(|p| self.from.index() <= p.first_month() && p.last_month() <= self.to.index())
            .collect()
    }

    /// The months inside.
    fn months(&self) -> Vec<Period> {
        self.periods(Freq::M)
    }

    /// The years that begin inside, whether they end inside or not.
    fn years(&self) -> Vec<Period> {
        (self.from.year()..=self.to.year()).map(|y| Period::year_of(y).expect("ordinary years")).collect()
    }
}

/// What the sample amounts to.
#[derive(Debug, Default)]
pub struct Sample {
    /// Every observation in the files, in the order of writing.
    pub truth: Vec<Truth>,
    /// Every plan value in the files.
    pub targets: Vec<TargetTruth>,
    /// Rows that are wrong on purpose and must be rejected: file and how many.
    pub bad_rows: Vec<(String, usize)>,
    /// What the files of cases hold.
    pub cases: cases::CaseTruth,
}

/// A sample that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// Months outside what the shapes are known for.
    #[error("the sample can cover months from {first}-01 to {last}-12, not {from} to {to}")]
    Months {
        /// First month asked for.
        from: Period,
        /// Last month asked for.
        to: Period,
        /// First year possible.
        first: i32,
        /// Last year possible.
        last: i32,
    },
    /// A file could not be written.
    #[error("cannot write \"{path}\"")]
    Write {
        /// Path inside the sample.
        path: String,
        /// Cause.
        source: std::io::Error,
    },
    /// A workbook could not be built.
    #[error("cannot build the workbook \"{path}\"")]
    Workbook {
        /// Path inside the sample.
        path: String,
        /// Cause.
        source: rust_xlsxwriter::XlsxError,
    },
}

impl Coded for SampleError {
    fn code(&self) -> ErrorCode {
        match self {
            SampleError::Months { .. } => ErrorCode::BadRequest,
            SampleError::Write { .. } => ErrorCode::Storage,
            SampleError::Workbook { .. } => ErrorCode::Internal,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            SampleError::Months { first, last, .. } => {
                Some(format!("Ask for at most {} months, counted from {first}-01.", (last - first + 1) * 12))
            }
            SampleError::Write { .. } => Some("Check that the folder can be written and has room.".to_owned()),
            SampleError::Workbook { .. } => None,
        }
    }
}

/// Writes every feed of the sample and its README; `areas` are the catalogue's dated areas, `calendar` its working days.
pub fn generate(
    areas: &AreaTree,
    calendar: &WorkCalendar,
    options: &SampleOptions,
    sink: &mut dyn Sink,
) -> Result<Sample, SampleError> {
    options.check()?;
    let model = model::Model::new(areas, options.seed, options.to.year());
    let mut press = press::Press::new(sink);
    office_monthly::write(&model, options, &mut press)?;
    office_industry::write(options, &mut press)?;
    office_sdmx::write(&model, options, &mut press)?;
    office_accounts::write(&model, options, &mut press)?;
    office_population::write(&model, options, &mut press)?;
    office_annual::write(&model, options, &mut press)?;
    insurance::write(&model, options, &mut press)?;
    departments::write(&model, options, &mut press)?;
    targets::write(options, &mut press)?;
    let of_cases = cases::CaseOptions::of_sample(options, areas, calendar);
    if let Some(of_cases) = &of_cases {
        cases::export::write(of_cases, (areas, calendar), &mut press)?;
    }
    readme::write(options, of_cases.as_ref(), &mut press)?;
    Ok(press.into_sample())
}

//! A report that was not made.

use super::gate::Finding;
use crate::catalog::Diagnostics;
use crate::compute::ComputeError;
use crate::domain::{Freq, Period};
use crate::error::{Coded, ErrorCode};
use crate::typeset::TypesetError;

/// Why a report was not made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No such report.
    #[error("there is no report \"{id}\"")]
    Unknown {
        /// As asked.
        id: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A parameter that cannot be read.
    #[error("parameter \"{name}\": \"{text}\" is not {expected}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// As written.
        text: String,
        /// What it could be.
        expected: &'static str,
    },
    /// The report is not made for periods of this length.
    #[error("report \"{id}\" is not made for {period}")]
    Freq {
        /// Report.
        id: String,
        /// As asked.
        period: Period,
        /// What it is made for.
        offered: Vec<Freq>,
    },
    /// It would lack what it must not lack.
    #[error("report \"{id}\" for {period} is refused: {}", told(.findings))]
    Refused {
        /// Report.
        id: String,
        /// Period.
        period: Period,
        /// What lacks.
        findings: Vec<Finding>,
    },
    /// The declared reports have problems.
    #[error(transparent)]
    Declared(#[from] Diagnostics),
    /// The figures could not be had.
    #[error(transparent)]
    Compute(#[from] ComputeError),
    /// The template or a drawing.
    #[error(transparent)]
    Typeset(#[from] TypesetError),
    /// The workbook could not be written.
    #[error("the workbook could not be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The work broke off.
    #[error("making the report broke off")]
    BrokeOff(#[source] tokio::task::JoinError),
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(Finding::sentence).collect::<Vec<_>>().join("; ")
}

impl Coded for ReportError {
    fn code(&self) -> ErrorCode {
        match self {
            ReportError::Unknown { .. } => ErrorCode::NotFound,
            ReportError::Parameter { .. } | ReportError::Freq { .. } => ErrorCode::BadRequest,
            ReportError::Refused { .. } => ErrorCode::Incomplete,
            ReportError::Declared(e) => e.code(),
            ReportError::Compute(e) => e.code(),
            ReportError::Typeset(e) => e.code(),
            ReportError::Workbook(_) | ReportError::BrokeOff(_) => ErrorCode::Internal,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ReportError::Unknown { known, .. } => Some(format!("There are: {}.", known.join(", "))),
            ReportError::Freq { offered, .. } => {
                let offered: Vec<&str> = offered.iter().map(|freq| freq.as_str()).collect();
                Some(format!("It is made by {}.", offered.join(", ")))
            }
            ReportError::Refused { findings, .. } => findings.first().map(|finding| finding.remedy.clone()),
            ReportError::Typeset(e) => e.hint(),
            ReportError::Compute(e) => e.hint(),
            ReportError::Parameter { .. }
            | ReportError::Declared(_)
            | ReportError::Workbook(_)
            | ReportError::BrokeOff(_) => None,
        }
    }
}

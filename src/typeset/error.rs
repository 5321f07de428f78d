//! What can be wrong with a sheet, said in terms of its files and lines.

use std::fmt;

use crate::error::{Coded, ErrorCode};

/// One thing that Typst found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File it is in: the template's name or the path of a module.
    pub file: String,
    /// Line, from 1; nothing if it belongs to no place.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// The line of the template that led there, if the problem is in a module.
    pub called_from: Option<usize>,
    /// What Typst advises.
    pub hints: Vec<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(line) = self.called_from {
            write!(f, " (called from line {line} of the template)")?;
        }
        Ok(())
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// A document that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypesetError {
    /// The template, a module or a drawing is wrong.
    #[error("{}", lines(.problems))]
    Template {
        /// The template.
        name: String,
        /// Everything found.
        problems: Vec<Problem>,
    },
    /// Letters that the typeface does not have.
    #[error("{name}: the typeface has no \"{letters}\", met in \"{text}\"")]
    Letters {
        /// The template, or the drawing.
        name: String,
        /// The letters.
        letters: String,
        /// Where they stand.
        text: String,
    },
    /// More pages than any document of ours has.
    #[error("{name} fills {pages} pages, {most} at most")]
    TooLong {
        /// The template.
        name: String,
        /// How many.
        pages: usize,
        /// The limit.
        most: usize,
    },
    /// A page that is not there.
    #[error("{name} has {pages} pages, there is no page {page}")]
    NoPage {
        /// The template.
        name: String,
        /// As asked, from 0.
        page: usize,
        /// How many there are.
        pages: usize,
    },
    /// More pixels than a picture may have.
    #[error("{name} would be {width} x {height} pixels")]
    TooLarge {
        /// The template.
        name: String,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The picture could not be written.
    #[error("{name} could not be encoded: {reason}")]
    Encode {
        /// The template.
        name: String,
        /// Why.
        reason: String,
    },
}

impl Coded for TypesetError {
    fn code(&self) -> ErrorCode {
        match self {
            TypesetError::Template { .. } | TypesetError::Letters { .. } | TypesetError::TooLong { .. } => {
                ErrorCode::BadDeclaration
            }
            TypesetError::NoPage { .. } => ErrorCode::NotFound,
            TypesetError::TooLarge { .. } => ErrorCode::BadRequest,
            TypesetError::Encode { .. } => ErrorCode::Internal,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            TypesetError::Template { problems, .. } => problems.iter().flat_map(|p| p.hints.iter()).next().cloned(),
            TypesetError::Letters { .. } => {
                Some("Use letters of Latin and Vietnamese, or draw the sign as a shape of `house.typ`.".to_owned())
            }
            TypesetError::TooLong { .. } => Some("Look for a loop in the template, or split the document.".to_owned()),
            TypesetError::NoPage { .. } => Some("Pages are counted from 0.".to_owned()),
            TypesetError::TooLarge { .. } => Some("Ask for a narrower picture.".to_owned()),
            TypesetError::Encode { .. } => None,
        }
    }
}

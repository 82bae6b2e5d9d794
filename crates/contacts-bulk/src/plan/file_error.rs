use std::fmt;

use serde_json::error::Category;

/// Why a file is no plan that can be used. It holds no contact's values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanFileError {
    /// It is not JSON; where that was noticed.
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// It is JSON, but not a plan.
    NotAPlan,
    /// It is a plan of another version of this program.
    Version(u32),
    /// Something in it can't be.
    Content(String),
    /// It was changed after it was written.
    Digest,
}

impl PlanFileError {
    /// Messages of serde can hold values, so only the place is kept.
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Data => Self::Content(format!(
                "a member is missing, unknown or of a wrong type, line {line}, column {column}"
            )),
            _ => Self::Syntax { line, column },
        }
    }
}

impl fmt::Display for PlanFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { line, column } => {
                write!(f, "it is not JSON, line {line}, column {column}")
            }
            Self::NotAPlan => f.write_str("it is not a plan that `plan` wrote"),
            Self::Version(version) => write!(
                f,
                "it is a plan of version {version}, and this program reads versions 1 and 2; \
                 update digicert-contacts or make the plan again"
            ),
            Self::Content(what) => write!(f, "it is not a plan that `plan` wrote: {what}"),
            Self::Digest => f.write_str(
                "it was changed after `plan` wrote it, since its digest does not fit; \
                 make the plan again",
            ),
        }
    }
}

impl std::error::Error for PlanFileError {}

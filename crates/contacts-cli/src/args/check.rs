use std::path::PathBuf;

use super::{FORMATS, InputOptions};

/// Validate files without sending anything
///
/// Reports all problems at once, with line and column; a problem that occurs on many lines is
/// reported once. Also finds orders that are named in two of the files. Needs no API key.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// CSV or JSON Lines files, or - for standard input
    #[arg(required = true, long_help = format!("{FILE}\n\n{FORMATS}"))]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) input: InputOptions,
}

const FILE: &str = "CSV or JSON Lines files in UTF-8, or - for standard input";

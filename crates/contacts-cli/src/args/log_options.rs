use std::path::PathBuf;

use clap::ArgAction;

/// What is logged.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LogOptions {
    /// Log to standard error; -vv logs more
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Append a log with all details to a file
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) log_file: Option<PathBuf>,
}

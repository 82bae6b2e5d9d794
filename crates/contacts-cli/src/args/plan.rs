use std::path::PathBuf;

use clap::ValueEnum;

use super::{Connection, FORMATS, InputOptions, new_file};

/// Show what a file or rules would change, and save it as a plan
///
/// Validates the whole file, reads each order, and shows field by field what would change. Changes
/// nothing. The plan contains the contacts that were read, so `apply` changes what was shown and
/// can detect orders that changed in the meantime.
///
/// With --rules, lists the orders of the account and reads those that a rule matches.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    /// CSV or JSON Lines file, or - for standard input
    #[arg(long_help = format!("{FILE}\n\n{FORMATS}"))]
    #[arg(required_unless_present = "rules", conflicts_with = "rules")]
    pub(crate) file: Option<PathBuf>,

    /// Plan the contacts that orders should have by the rules in a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,

    /// Plan from an earlier export instead of reading the orders: no request and no API key is needed.
    /// Orders that it lacks are read by `apply`
    #[arg(long, value_name = "EXPORT")]
    pub(crate) state: Option<PathBuf>,

    /// Save the plan to a new file
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    #[arg(alias = "out")]
    pub(crate) output_file: Option<PathBuf>,

    /// Format of the output: `json` is that of --json, `markdown` fits in the comment of a pull request, and
    /// `junit` has a test case for each order, which fails if the order would change
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    #[arg(default_value = "text")]
    pub(crate) output: PlanFormat,

    /// Leave out the values of contacts in Markdown
    #[arg(long)]
    pub(crate) redact: bool,

    /// Exit with code 2 if orders would change visibly: a `language_id`, which cannot be read, does not count
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// Save nothing and exit with code 7 if the plan violates the policy in a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) input: InputOptions,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    Text,
    Json,
    Markdown,
    Junit,
}

const FILE: &str = "CSV or JSON Lines file in UTF-8, or - for standard input";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts plan contacts.csv -o plan.json
  digicert-contacts apply plan.json
  digicert-contacts plan contacts.csv --state export.csv -o plan.json
  digicert-contacts plan --rules contacts.toml --detailed-exitcode";

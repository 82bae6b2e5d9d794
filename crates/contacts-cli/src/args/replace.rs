use std::path::PathBuf;

use super::{Connection, GuardOptions, RunOptions, SearchOptions, new_file};

/// Replace a person with a successor on all orders
///
/// Finds every contact with the person's e-mail address as `find` does, shows field by field what
/// will change, asks for confirmation, and changes the orders as `apply` does. With --output-file or
/// --plan, it only writes an input file or a plan and changes nothing. Optional fields that the
/// successor leaves out keep the person's values.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Replace {
    /// E-mail address of the person to replace
    #[arg(
        long,
        value_name = "EMAIL",
        required_unless_present = "leavers",
        requires = "successor"
    )]
    pub(crate) from: Option<String>,

    /// The successor: FIELD=VALUE,..., a JSON file, or - for standard input
    #[arg(long = "with", value_name = "SUCCESSOR", long_help = WITH)]
    pub(crate) successor: Option<String>,

    /// Replace several people: a CSV file with the columns `from` and `with`
    #[arg(long, value_name = "FILE", conflicts_with = "from", long_help = LEAVERS)]
    pub(crate) leavers: Option<PathBuf>,

    /// Write the changes to an input file for `apply` and change nothing; the file must not exist
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    #[arg(aliases = ["output", "out"])]
    pub(crate) output_file: Option<PathBuf>,

    /// Save a plan for `apply` to a new file and change nothing
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) plan: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) search: SearchOptions,

    #[command(flatten)]
    pub(crate) run: RunOptions,

    #[command(flatten)]
    pub(crate) guard: GuardOptions,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

impl Replace {
    /// Whether orders are changed.
    pub(crate) const fn applies(&self) -> bool {
        self.output_file.is_none() && self.plan.is_none()
    }
}

const WITH: &str = "\
The successor: FIELD=VALUE,..., a JSON file, or - for standard input

  --with first_name=Jane,last_name=Doe,email=jane.doe@example.com

A value may contain commas that are not followed by `NAME=`. In a file:
  {\"first_name\": \"Jane\", \"last_name\": \"Doe\",
   \"email\": \"jane.doe@example.com\", \"telephone\": \"+1 555 0100\"}";

const LEAVERS: &str = "\
Replace several people: a CSV file with the columns `from` and `with`

`from` is the e-mail address of a person. `with` is the e-mail address of the
successor, whose fields are in the file of --with, then one JSON object for each
successor; or it is FIELD=VALUE,... or a JSON file, as for --with.";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts replace --from robin@example.com --with jane.json
  digicert-contacts replace --from robin@example.com \\
      --with first_name=Jane,last_name=Doe,email=jane.doe@example.com \\
      --plan plan.json
  digicert-contacts replace --leavers leavers.csv --with people.jsonl";

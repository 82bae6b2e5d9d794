use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use contacts_bulk::input::ReadOptions;

/// The help of an input file, after the first line.
pub(super) const FORMATS: &str = "\
CSV: one contact per row, with these columns in any order:
  order_id      digits
  contact_type  technical_contact or organization_contact
  first_name    at most 128 characters
  last_name     at most 128 characters
  email         at most 255 characters
  job_title     optional, at most 64 characters
  telephone     optional, at most 32 characters
  language_id   optional, 1 to 3 digits
An empty optional cell keeps the order's value.
Ignored: the columns that `export` and rejects add (common_name,
status, product, reason), and empty columns without a name.

JSON Lines: one object per line, with contacts as in the API:
  {\"order_id\": \"...\", \"contacts\": [...]}
A file is JSON Lines if it starts with `{` or `[`, or its name ends in
.jsonl.";

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct InputOptions {
    /// Remove what carries no value from cells instead of rejecting it
    ///
    /// White space and invisible characters around a value, the apostrophe or formula that marks a text
    /// in a spreadsheet, and a # before an order id.
    #[arg(long)]
    pub(crate) trim: bool,

    /// Ignore these columns of a CSV file
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) ignore_columns: Vec<String>,
}

impl InputOptions {
    pub(crate) fn read_options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        options.trim = self.trim;
        options.ignore_columns.clone_from(&self.ignore_columns);
        options
    }
}

/// Parses the name of a new file. Rejects `-`: a pipe can be neither private nor written atomically.
/// Rejects a format, which `-o` and `--output` take in other programs.
pub(super) fn new_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.to_str() {
        Some("-") => Err(
            "contacts are written to a private file, not to standard output; name a file, \
             or use `./-` for a file of that name",
        ),
        Some("json" | "jsonl" | "yaml" | "csv" | "table" | "text" | "wide") => Err(
            "this option names a file to write; --json prints JSON, and `./` before the name \
             is for a file without extension",
        ),
        _ => Ok(path),
    })
}

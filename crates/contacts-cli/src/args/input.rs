use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use contacts_bulk::input::ReadOptions;

/// The help of an input file.
pub(super) const FILE: &str = "\
CSV or JSON Lines file in UTF-8, or - for standard input

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
A column `reason` is ignored.

JSON Lines: one object per line, with contacts as in the API:
  {\"order_id\": \"...\", \"contacts\": [...]}
A file is JSON Lines if it starts with `{` or its name ends in .jsonl.";

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct InputOptions {
    /// Remove white space around cells instead of rejecting it
    #[arg(long)]
    pub(crate) trim: bool,
}

impl InputOptions {
    pub(crate) fn read_options(self) -> ReadOptions {
        let mut options = ReadOptions::default();
        options.trim = self.trim;
        options
    }
}

/// Parses the name of a new file. Rejects `-`: a pipe can be neither private nor written atomically.
pub(super) fn new_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path.as_os_str() == "-" {
            return Err(
                "contacts are written to a private file, not to standard output; name a file, \
                 or use `./-` for a file of that name",
            );
        }
        Ok(path)
    })
}

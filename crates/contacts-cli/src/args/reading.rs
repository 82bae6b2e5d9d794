/// What a file of orders may be.
pub(super) const FILE: &str = "\
File of CSV or JSON lines in UTF-8, or - for standard input

CSV: one contact a row, with these columns in any order:
  order_id      digits
  contact_type  technical_contact or organization_contact
  first_name    at most 128 characters
  last_name     at most 128 characters
  email         at most 255 characters
  job_title     optional, at most 64 characters
  telephone     optional, at most 32 characters
  language_id   optional, 1 to 3 digits
An empty optional cell leaves the order's value as it is.
A column `reason` is passed over.

JSON lines: an object a line, with contacts as the API takes them:
  {\"order_id\": \"...\", \"contacts\": [...]}
They are known by their first character or by the suffix .jsonl.";

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Reading {
    /// Drop white space around cells instead of refusing it
    #[arg(long)]
    pub(crate) trim: bool,
}

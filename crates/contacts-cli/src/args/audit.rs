use std::path::PathBuf;

use contacts_core::ContactType;

use super::{Connection, StatusOption, TableOptions, contact_type, new_file};

/// List the contacts that look wrong
///
/// Always lists missing contacts, and contacts that differ from most others of the same person: the
/// same address with another name, or the same name with another address. With a directory, it lists
/// people who are not in it, or not active.
///
/// Reads every order: 50,000 orders take about two and a half hours. With --state, it reads an earlier
/// export, and sends no request.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Audit {
    /// List contacts whose e-mail address is not in this directory, or of somebody who is not active
    #[arg(long, value_name = "FILE", long_help = DIRECTORY)]
    pub(crate) directory: Option<PathBuf>,

    /// List contacts whose address is in none of these domains; `*.example.com` allows all below
    #[arg(long, value_name = "DOMAINS", value_delimiter = ',')]
    pub(crate) allowed_domains: Vec<String>,

    /// List contacts of this type whose address has the first or last name of the contact, because a
    /// mailbox of a role is wanted
    #[arg(long, value_name = "TYPE", value_parser = contact_type())]
    pub(crate) role_mailbox: Vec<ContactType>,

    /// Audit the CSV file of an earlier export instead of reading the orders
    #[arg(long, value_name = "EXPORT", conflicts_with = "status")]
    pub(crate) state: Option<PathBuf>,

    /// Write a page with the findings to a new file
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) html: Option<PathBuf>,

    /// Exit with code 2 if contacts look wrong
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    #[command(flatten)]
    pub(crate) table: TableOptions,

    #[command(flatten)]
    pub(crate) status: StatusOption,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const DIRECTORY: &str = "\
List contacts whose e-mail address is not in this directory, or of
somebody who is not active

CSV, JSON Lines or LDIF. The address is in `mail`, `email`,
`emailAddress`, `userPrincipalName` or `proxyAddresses`. Whether the
person is active is in `active`, `enabled`, `accountEnabled` or
`status`, and in LDIF also in `userAccountControl` or `nsAccountLock`;
without these, everybody is. Case, spaces and signs in these names do
not matter.";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts export -o export.csv
  digicert-contacts audit --state export.csv --directory people.csv
  digicert-contacts audit --state export.csv \\
      --role-mailbox technical_contact --output csv > wrong.csv
  digicert-contacts audit --allowed-domains example.com,*.example.com \\
      --detailed-exitcode";

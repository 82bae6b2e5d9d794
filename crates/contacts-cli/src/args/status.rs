use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command};
use contacts_core::printable;

/// The statuses in DigiCert's documentation and answers. There may be more.
const KNOWN: [&str; 12] = [
    "approved",
    "canceled",
    "expired",
    "issued",
    "needs_approval",
    "needs_csr",
    "pending",
    "processing",
    "reissue_pending",
    "rejected",
    "revoked",
    "waiting_pickup",
];

#[derive(Debug, clap::Args)]
pub(crate) struct StatusOption {
    /// Include only orders with this status; for `issued`, DigiCert includes expired orders as well
    #[arg(long, value_parser = Lenient)]
    pub(crate) status: Option<String>,
}

impl StatusOption {
    /// A warning about an unknown status: DigiCert does not reject it, but finds no orders.
    pub(crate) fn warning(&self) -> Option<String> {
        let status = self.status.as_deref()?;
        let (name, known) = (printable(status), KNOWN.join(", "));
        (!KNOWN.contains(&status)).then(|| {
            format!(
                "unknown order status `{name}`, which may match no orders; the known ones are {known}"
            )
        })
    }
}

/// Accepts any status. Help and completions offer the known ones.
#[derive(Clone)]
struct Lenient;

impl TypedValueParser for Lenient {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(KNOWN.into_iter().map(PossibleValue::new)))
    }
}

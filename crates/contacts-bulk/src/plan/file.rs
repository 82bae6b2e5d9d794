use std::collections::HashSet;
use std::io::{self, Write};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::account::{AccountIdentity, AccountMismatch, hex};
use crate::file::{FileError, FileErrorKind, FileFormat};
use crate::plan::Plan;
use crate::plan::line::{self, PlanLine};

/// A plan with its base URL and the time at which it was made, so that it can be applied later.
/// `docs/cli.md` describes the file.
///
/// ```
/// use std::time::SystemTime;
/// use contacts_bulk::{Failure, Input, OrderApi, Plan, PlanFile};
/// # use contacts_core::{ContactsUpdate, Order, OrderId};
/// # struct Api;
/// # impl OrderApi for Api {
/// #     fn read(&self, _: OrderId) -> Result<Order, Failure> { Ok(Order::default()) }
/// #     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> { Ok(()) }
/// # }
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,A,B,a@example.com\n";
/// let plan = Plan::fetch(Input::from_csv(&file)?, &Api, |_| {}).unwrap();
/// let plan = PlanFile::new(plan, "https://www.digicert.com/services/v2", SystemTime::now());
/// let mut bytes = Vec::new();
/// plan.write(&mut bytes).unwrap();
/// assert!(PlanFile::detect(&bytes));
/// let read = PlanFile::read(&bytes).unwrap();
/// assert_eq!(read.digest(), plan.digest());
/// # Ok::<(), contacts_bulk::input::InputError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlanFile {
    plan: Plan,
    base_url: String,
    created: String,
}

#[derive(Serialize)]
struct Head<'a> {
    format: &'a str,
    version: u32,
    base_url: &'a str,
    created: &'a str,
    digest: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content<'a> {
    #[serde(rename = "format")]
    _format: String,
    version: u32,
    base_url: String,
    created: String,
    digest: String,
    #[serde(borrow)]
    orders: Vec<PlanLine<'a>>,
}

impl PlanFile {
    /// Adds the base URL and the time at which the first order was read. The time is stored in whole
    /// seconds.
    #[must_use]
    pub fn new(plan: Plan, base_url: impl Into<String>, created: SystemTime) -> Self {
        let created = humantime::format_rfc3339_seconds(created.max(SystemTime::UNIX_EPOCH));
        Self::from_parts(plan, base_url.into(), created.to_string())
    }

    pub(crate) const fn from_parts(plan: Plan, base_url: String, created: String) -> Self {
        Self {
            plan,
            base_url,
            created,
        }
    }

    /// Writes one JSON document, with one order on each line.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        let head = serde_json::to_string(&Head {
            format: FileFormat::Plan.name(),
            version: FileFormat::VERSION,
            base_url: &self.base_url,
            created: &self.created,
            digest: &self.digest(),
        })?;
        let head = head.strip_suffix('}').unwrap_or(&head);
        write!(to, "{head},\"orders\":[")?;
        let mut line = Vec::new();
        for (index, order) in self.plan.orders().iter().enumerate() {
            line.clear();
            line.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
            line::write(order, &mut line)?;
            to.write_all(&line)?;
        }
        to.write_all(b"\n]}\n")
    }

    /// Whether a file claims to be a plan. [`read`](Self::read) reports what is wrong with it.
    #[must_use]
    pub fn detect(bytes: &[u8]) -> bool {
        FileFormat::Plan.is_claimed_by(bytes)
    }

    /// Reads what [`write`](Self::write) wrote. The layout of the JSON does not matter.
    ///
    /// # Errors
    /// Returns an error if the bytes are not a plan, or were edited.
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        let format = FileFormat::Plan;
        format.check(bytes)?;
        let damaged = |what: String| format.error(FileErrorKind::Damaged(what));
        let content: Content<'_> =
            serde_json::from_slice(bytes).map_err(|error| format.damaged(1, &error))?;
        if humantime::parse_rfc3339(&content.created).is_err() {
            return Err(damaged(
                "`created` is not a time such as 2026-01-31T12:00:00Z".to_owned(),
            ));
        }
        let mut seen = HashSet::new();
        let orders = content.orders.into_iter().map(|line| {
            let order = line.into_order()?;
            let id = order.order();
            seen.insert(id)
                .then_some(order)
                .ok_or_else(|| format!("order {id} occurs twice"))
        });
        let orders = orders.collect::<Result<_, _>>().map_err(damaged)?;
        let file = Self::from_parts(Plan { orders }, content.base_url, content.created);
        let digest = match content.version {
            1 => file.digest_of_version_1(bytes)?,
            _ => file.digest(),
        };
        if digest != content.digest {
            return Err(format.error(FileErrorKind::Digest));
        }
        Ok(file)
    }

    /// Checks that the plan was made with the account's base URL.
    ///
    /// # Errors
    /// Returns [`AccountMismatch::BaseUrl`] if it was not.
    pub fn check(&self, account: &AccountIdentity) -> Result<(), AccountMismatch> {
        AccountMismatch::check_base_url(&self.base_url, account)
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The base URL with which the plan was made.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The time at which the plan was made, in RFC 3339.
    #[must_use]
    pub fn created(&self) -> &str {
        &self.created
    }

    /// A SHA-256 of everything else in the file. Plans with the same digest are the same.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = PlanDigest::new(FileFormat::VERSION, &self.base_url, &self.created);
        let mut line = Vec::new();
        for order in self.plan.orders() {
            line.clear();
            // Writing to memory cannot fail.
            let _ = line::write(order, &mut line);
            digest.update(&line);
        }
        digest.finish()
    }

    /// Version 1 has other names for states, so its digest covers the lines as they are in the file.
    fn digest_of_version_1(&self, bytes: &[u8]) -> Result<String, FileError> {
        #[derive(Deserialize)]
        struct Lines<'a> {
            #[serde(borrow)]
            orders: Vec<&'a RawValue>,
        }
        let lines: Lines<'_> =
            serde_json::from_slice(bytes).map_err(|error| FileFormat::Plan.damaged(1, &error))?;
        let mut digest = PlanDigest::new(1, &self.base_url, &self.created);
        for line in lines.orders {
            digest.update(line.get().as_bytes());
        }
        Ok(digest.finish())
    }
}

/// The digest of a plan, line by line.
pub(crate) struct PlanDigest(Sha256);

impl PlanDigest {
    pub(crate) fn new(version: u32, base_url: &str, created: &str) -> Self {
        let format = FileFormat::Plan.name();
        let head = format!("{format} {version}\n{base_url}\n{created}\n");
        Self(Sha256::new().chain_update(head))
    }

    pub(crate) fn update(&mut self, line: &[u8]) {
        self.0.update(line);
        self.0.update(b"\n");
    }

    pub(crate) fn finish(self) -> String {
        format!("sha256:{}", hex(&self.0.finalize()))
    }
}

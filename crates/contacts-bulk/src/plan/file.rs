use std::collections::HashSet;
use std::io::{self, Write};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::account::{AccountIdentity, AccountMismatch, hex};
use crate::own_file::{self, PLAN};
use crate::plan::Plan;
use crate::plan::file_error::PlanFileError;
use crate::plan::line as plan_line;
use crate::plan::line::PlanLine;

/// A plan with what is needed to carry it out at another time: for which address it was made, and
/// when. Its form on disk is described in `docs/cli.md`.
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
/// let plan = Plan::new(Input::from_csv(&file)?, &Api, |_| {}).unwrap();
/// let plan = PlanFile::new(plan, "https://www.digicert.com/services/v2", SystemTime::now());
/// let mut bytes = Vec::new();
/// plan.write(&mut bytes).unwrap();
/// assert!(PlanFile::is_meant(&bytes));
/// let again = PlanFile::read(&bytes).unwrap();
/// assert_eq!(again.digest(), plan.digest());
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
struct Kind {
    format: Option<String>,
    version: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole<'a> {
    #[serde(rename = "format")]
    _format: String,
    version: u32,
    base_url: String,
    created: String,
    digest: String,
    #[serde(borrow)]
    orders: Vec<PlanLine<'a>>,
}

/// Version 1 has other names for the states; serde aliases read them.
pub(crate) const VERSION: u32 = 2;

impl PlanFile {
    /// A plan that was made for `base_url`, its reading begun at `created`, of which whole seconds
    /// are kept.
    #[must_use]
    pub fn new(plan: Plan, base_url: impl Into<String>, created: SystemTime) -> Self {
        let created = created.max(SystemTime::UNIX_EPOCH);
        Self {
            plan,
            base_url: base_url.into(),
            created: humantime::format_rfc3339_seconds(created).to_string(),
        }
    }

    /// The parts of it, as a journal holds them.
    pub(crate) const fn of(plan: Plan, base_url: String, created: String) -> Self {
        Self {
            plan,
            base_url,
            created,
        }
    }

    /// Writes it: one JSON document with one order on a line.
    ///
    /// # Errors
    /// Where `to` can't be written.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        let digest = self.digest();
        let head = serde_json::to_string(&Head {
            format: PLAN,
            version: VERSION,
            base_url: &self.base_url,
            created: &self.created,
            digest: &digest,
        })?;
        let head = head.strip_suffix('}').unwrap_or(&head);
        write!(to, "{head},\"orders\":[")?;
        let mut line = Vec::new();
        for (at, order) in self.plan.orders().iter().enumerate() {
            line.clear();
            line.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
            plan_line::write(order, &mut line)?;
            to.write_all(&line)?;
        }
        to.write_all(b"\n]}\n")
    }

    /// Whether a file is meant to be one, by what stands near its beginning. What is wrong with it,
    /// [`read`](Self::read) tells.
    #[must_use]
    pub fn is_meant(bytes: &[u8]) -> bool {
        own_file::claims(bytes, PLAN)
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    /// [`PlanFileError`] for anything else, also for a plan whose contents are not those that its
    /// digest was made over.
    pub fn read(bytes: &[u8]) -> Result<Self, PlanFileError> {
        let kind: Kind = serde_json::from_slice(bytes).map_err(|e| PlanFileError::json(&e))?;
        if kind.format.as_deref() != Some(PLAN) {
            return Err(PlanFileError::NotAPlan);
        }
        match kind.version {
            Some(1..=VERSION) => {}
            Some(version) => return Err(PlanFileError::Version(version)),
            None => return Err(PlanFileError::NotAPlan),
        }
        let whole: Whole<'_> =
            serde_json::from_slice(bytes).map_err(|e| PlanFileError::json(&e))?;
        if humantime::parse_rfc3339(&whole.created).is_err() {
            let what = "`created` is no time such as 2026-01-31T12:00:00Z";
            return Err(PlanFileError::Content(what.to_owned()));
        }
        let orders = whole.orders.into_iter().map(PlanLine::order);
        let orders: Vec<_> = orders
            .collect::<Result<_, _>>()
            .map_err(PlanFileError::Content)?;
        let mut seen = HashSet::new();
        if let Some(twice) = orders.iter().find(|order| !seen.insert(order.order())) {
            let what = format!("order {} is there twice", twice.order());
            return Err(PlanFileError::Content(what));
        }
        let read = Self::of(Plan::of(orders), whole.base_url, whole.created);
        let digest = match whole.version {
            1 => digest_of_version_1(bytes, &read)?,
            _ => read.digest(),
        };
        if digest != whole.digest {
            return Err(PlanFileError::Digest);
        }
        Ok(read)
    }

    /// Whether `account` is at the address for which it was made.
    ///
    /// # Errors
    /// [`AccountMismatch::BaseUrl`] where it is not.
    pub fn check(&self, account: &AccountIdentity) -> Result<(), AccountMismatch> {
        if account.base_url() == self.base_url {
            return Ok(());
        }
        Err(AccountMismatch::BaseUrl {
            begun: self.base_url.clone(),
            now: account.base_url().to_owned(),
        })
    }

    /// What would change.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The address for which it was made.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// When its reading was begun, as RFC 3339 has it.
    #[must_use]
    pub fn created(&self) -> &str {
        &self.created
    }

    /// A SHA-256 over everything else in it: two plans with the same digest are the same plan.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut digest = PlanDigest::new(VERSION, &self.base_url, &self.created);
        let mut line = Vec::new();
        for order in self.plan.orders() {
            line.clear();
            // Nothing can go wrong in writing to memory.
            let _ = plan_line::write(order, &mut line);
            digest.line(&line);
        }
        digest.finish()
    }

    /// How old it is; `None` where its time lies ahead, so that a clock must have been set.
    pub(crate) fn age(&self, now: SystemTime) -> Option<std::time::Duration> {
        let created = humantime::parse_rfc3339(&self.created).ok()?;
        now.duration_since(created).ok()
    }
}

/// Version 1 names states differently, so its digest is over the lines as the file has them.
fn digest_of_version_1(bytes: &[u8], plan: &PlanFile) -> Result<String, PlanFileError> {
    #[derive(Deserialize)]
    struct Lines<'a> {
        #[serde(borrow)]
        orders: Vec<&'a RawValue>,
    }
    let lines: Lines<'_> = serde_json::from_slice(bytes).map_err(|e| PlanFileError::json(&e))?;
    let mut digest = PlanDigest::new(1, &plan.base_url, &plan.created);
    for line in lines.orders {
        digest.line(line.get().as_bytes());
    }
    Ok(digest.finish())
}

/// The digest of a plan, line by line.
pub(crate) struct PlanDigest(Sha256);

impl PlanDigest {
    /// The version is that of the names in the lines.
    pub(crate) fn new(version: u32, base_url: &str, created: &str) -> Self {
        let head = format!("{PLAN} {version}\n{base_url}\n{created}\n");
        Self(Sha256::new().chain_update(head))
    }

    pub(crate) fn line(&mut self, line: &[u8]) {
        self.0.update(line);
        self.0.update(b"\n");
    }

    pub(crate) fn finish(self) -> String {
        format!("sha256:{}", hex(&self.0.finalize()))
    }
}

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use contacts_core::OrderId;
use serde::Deserialize;

use crate::account::{AccountIdentity, AccountMismatch};
use crate::journal;
use crate::journal::error::JournalError;
use crate::journal::line as journal_line;
use crate::journal::line::{Head, Line, VERSION, VerificationName};
use crate::known::{self, Known, Step};
use crate::own_file::JOURNAL;
use crate::plan::Plan;
use crate::plan::file::{PlanDigest, PlanFile};
use crate::plan::line as plan_line;
use crate::plan::line::PlanLine;
use crate::report::{OrderResult, Verification};

/// What a journal tells about the run that wrote it.
pub struct Replay {
    pub(crate) plan: PlanFile,
    pub(crate) known: Vec<Known>,
    places: HashMap<OrderId, usize>,
    key: String,
    salt: String,
    created: String,
    length: usize,
}

impl Replay {
    /// Reads a journal. What a run that died did not write to the end of its line is left out;
    /// [`length`](Self::length) says where that begins.
    ///
    /// # Errors
    /// [`JournalError`] for anything that no run writes.
    pub fn read(bytes: &[u8]) -> Result<Self, JournalError> {
        let length = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        let mut lines = bytes[..length].split_inclusive(|byte| *byte == b'\n');
        let mut lines = lines
            .by_ref()
            .map(|line| line.strip_suffix(b"\n").unwrap_or(line));
        let Some(first) = lines.next() else {
            // A first line that was not written to its end begins like one.
            let begun = format!("{{\"format\":\"{JOURNAL}\"");
            let torn = bytes.starts_with(begun.as_bytes()) || begun.as_bytes().starts_with(bytes);
            return Err(if torn {
                JournalError::NothingSent
            } else {
                JournalError::NotAJournal
            });
        };
        let head = head(first)?;
        let salt = journal::salt(&head.plan.digest, &head.created);
        let mut digest = PlanDigest::new(head.version, &head.base_url, &head.plan.created);
        let mut orders = Vec::new();
        let mut places = HashMap::new();
        for at in 0..head.plan.orders {
            let line = lines.next().ok_or(JournalError::NothingSent)?;
            digest.line(line);
            let order = serde_json::from_slice::<PlanLine<'_>>(line);
            let order = order.map_err(|error| place(at + 2, &error))?;
            let order = order.order().map_err(|what| damaged(at + 2, &what))?;
            if places.insert(order.order(), at).is_some() {
                return Err(damaged(at + 2, "the order is there twice"));
            }
            orders.push(order);
        }
        if digest.finish() != head.plan.digest {
            return Err(JournalError::Digest);
        }
        let plan = Plan::of(orders);
        let mut replay = Self {
            known: vec![Known::default(); plan.orders().len()],
            plan: PlanFile::of(
                plan,
                head.base_url.into_owned(),
                head.plan.created.into_owned(),
            ),
            places,
            key: head.key.into_owned(),
            salt,
            created: head.created.into_owned(),
            length,
        };
        let behind = replay.known.len() + 2;
        for (at, line) in lines.enumerate() {
            let line_number = behind + at;
            let line = serde_json::from_slice(line).map_err(|error| place(line_number, &error))?;
            let taken = replay.take(line);
            taken.map_err(|what| damaged(line_number, what))?;
        }
        Ok(replay)
    }

    fn take(&mut self, line: Line<'_>) -> Result<(), &'static str> {
        match line {
            Line::Resumed { key, .. } => self.key = key.into_owned(),
            Line::Started { order_id, .. } => {
                let known = self.known(order_id.0)?;
                if matches!(known.step, Step::Ended(OrderResult::Changed(_))) {
                    return Err("the order was changed before");
                }
                known.begin();
            }
            Line::Finished {
                order_id,
                result,
                failure,
                blocked,
                ..
            } => {
                let known = self.known(order_id.0)?;
                if known.step != Step::Begun {
                    return Err("an end without a beginning");
                }
                let blocked = match blocked {
                    Some(name) => Some(plan_line::blocked(&name).ok_or("an unknown reason")?),
                    None => None,
                };
                let result = journal_line::result_of(result, failure, blocked);
                known.end(result.ok_or("`result` and the rest don't fit together")?);
            }
            Line::Verified {
                order_id, result, ..
            } => {
                let known = self.known(order_id.0)?;
                let Step::Ended(OrderResult::Changed(verification)) = &mut known.step else {
                    return Err("an order is read back that was not changed");
                };
                // Anything else is looked at again.
                if result == VerificationName::Verified {
                    *verification = Verification::Verified;
                }
            }
        }
        Ok(())
    }

    fn known(&mut self, order: OrderId) -> Result<&mut Known, &'static str> {
        let place = self.places.get(&order).copied();
        let place = place.filter(|at| self.plan.plan().orders()[*at].needs_request());
        place
            .and_then(|at| self.known.get_mut(at))
            .ok_or("an order that the plan does not change")
    }

    /// Whether the run may be gone on with by `account`. With `other_key` the key may be another
    /// one of the same account, which only the caller can know.
    ///
    /// # Errors
    /// [`AccountMismatch`] where it may not.
    pub fn check(&self, account: &AccountIdentity, other_key: bool) -> Result<(), AccountMismatch> {
        self.plan.check(account)?;
        if !other_key && self.fingerprint(account) != self.key {
            return Err(AccountMismatch::Key);
        }
        Ok(())
    }

    pub(crate) fn fingerprint(&self, account: &AccountIdentity) -> String {
        account.fingerprint(&self.salt)
    }

    /// The plan that the run was begun with.
    #[must_use]
    pub const fn plan(&self) -> &PlanFile {
        &self.plan
    }

    /// When the run was begun, as RFC 3339 has it.
    #[must_use]
    pub fn created(&self) -> &str {
        &self.created
    }

    /// How many bytes of the journal hold whole lines.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// What became of each order so far, as the plan has them. `None` for an order whose request
    /// was begun while nobody knows how it ended.
    pub fn orders(&self) -> impl Iterator<Item = (OrderId, Option<OrderResult>)> {
        let orders = self.plan.plan().orders().iter().zip(&self.known);
        orders.map(|(order, known)| {
            let result = order.result().or_else(|| match &known.step {
                Step::Open => Some(OrderResult::Skipped),
                Step::Begun => None,
                Step::Ended(result) => Some(result.clone()),
            });
            (order.order(), result)
        })
    }

    /// How many orders were changed or may have been.
    #[must_use]
    pub fn changed(&self) -> usize {
        let changed = self.known.iter().filter(|known| known.may_be_changed());
        changed.count()
    }

    /// How many orders need something before the run is finished, as
    /// [`Run::apply`](crate::Run::apply) would go about them.
    #[must_use]
    pub fn open(&self) -> usize {
        known::open(self.plan.plan(), &self.known)
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("orders", &self.known.len())
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

fn head(line: &[u8]) -> Result<Head<'_>, JournalError> {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow)]
        format: Cow<'a, str>,
        version: u32,
    }
    let kind: Kind<'_> = serde_json::from_slice(line).map_err(|_| JournalError::NotAJournal)?;
    if kind.format != JOURNAL {
        return Err(JournalError::NotAJournal);
    }
    if !(1..=VERSION).contains(&kind.version) {
        return Err(JournalError::Version(kind.version));
    }
    serde_json::from_slice(line).map_err(|error| place(1, &error))
}

/// Messages of serde can hold values, so only the place is kept.
fn place(line: usize, error: &serde_json::Error) -> JournalError {
    damaged(
        line,
        &format!("not what is expected at column {}", error.column()),
    )
}

fn damaged(line: usize, what: &str) -> JournalError {
    JournalError::Line {
        line,
        what: what.to_owned(),
    }
}

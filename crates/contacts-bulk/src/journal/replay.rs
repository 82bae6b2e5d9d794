use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;

use contacts_core::OrderId;

use crate::account::{AccountIdentity, AccountMismatch};
use crate::file::{FileError, FileErrorKind, FileFormat};
use crate::journal;
use crate::journal::entry::{self, Entry, JournalHead};
use crate::plan::file::{PlanDigest, PlanFile};
use crate::plan::line::PlanLine;
use crate::plan::{Plan, PlanSummary};
use crate::report::{OrderResult, Verification, VerificationKind};
use crate::run::progress::{self, OrderProgress, Step};
use crate::run::sample::Sample;
use crate::run::settings::RunSettings;

/// The plan and the progress of a run, read from its journal.
pub struct Replay {
    pub(crate) plan: PlanFile,
    pub(crate) progress: Vec<OrderProgress>,
    /// The last random sample that was verified.
    pub(crate) sample: Option<Sample>,
    indices: HashMap<OrderId, usize>,
    key: String,
    salt: String,
    created: String,
    length: usize,
}

impl Replay {
    /// Reads a journal. A last line without a line break, which a killed process left, is ignored;
    /// [`length`](Self::length) returns where it starts.
    ///
    /// # Errors
    /// Returns an error if the bytes are not a journal, or are damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, FileError> {
        let format = FileFormat::Journal;
        let length = memchr::memrchr(b'\n', bytes).map_or(0, |index| index + 1);
        let lines = bytes[..length].split_inclusive(|byte| *byte == b'\n');
        let lines = lines.map(|line| line.strip_suffix(b"\n").unwrap_or(line));
        let mut lines = (1..).zip(lines);
        let nothing_sent = || format.error(FileErrorKind::NothingSent);
        let Some((_, first)) = lines.next() else {
            let start = format!("{{\"format\":\"{}\"", format.name());
            let is_partial =
                bytes.starts_with(start.as_bytes()) || start.as_bytes().starts_with(bytes);
            let error = if is_partial {
                FileErrorKind::NothingSent
            } else {
                FileErrorKind::Format
            };
            return Err(format.error(error));
        };
        format.check(first)?;
        let head: JournalHead<'_> =
            serde_json::from_slice(first).map_err(|error| format.damaged(1, &error))?;
        let mut digest = PlanDigest::new(head.version, &head.base_url, &head.plan.created);
        let mut orders = Vec::new();
        let mut indices = HashMap::new();
        for index in 0..head.plan.orders {
            let (number, line) = lines.next().ok_or_else(nothing_sent)?;
            digest.update(line);
            let line: PlanLine<'_> =
                serde_json::from_slice(line).map_err(|error| format.damaged(number, &error))?;
            let order = line.into_order();
            let order = order.map_err(|what| format.damaged_at(number, &what))?;
            if indices.insert(order.order(), index).is_some() {
                return Err(format.damaged_at(number, "the order occurs twice"));
            }
            orders.push(order);
        }
        if digest.finish() != head.plan.digest {
            return Err(format.error(FileErrorKind::Digest));
        }
        let mut replay = Self {
            progress: vec![OrderProgress::default(); orders.len()],
            salt: journal::salt(&head.plan.digest, &head.created),
            plan: PlanFile::from_parts(
                Plan { orders },
                head.base_url.into_owned(),
                head.plan.created.into_owned(),
            ),
            sample: None,
            indices,
            key: head.key.into_owned(),
            created: head.created.into_owned(),
            length,
        };
        for (number, line) in lines {
            let entry =
                serde_json::from_slice(line).map_err(|error| format.damaged(number, &error))?;
            let applied = replay.apply(entry);
            applied.map_err(|what| format.damaged_at(number, what))?;
        }
        Ok(replay)
    }

    fn apply(&mut self, entry: Entry<'_>) -> Result<(), &'static str> {
        match entry {
            Entry::Resumed { key, .. } => {
                self.key = key.into_owned();
                progress::interrupt(&mut self.progress);
            }
            Entry::Sampled {
                orders,
                changed,
                mismatch,
                ..
            } => {
                self.sample = Some(Sample {
                    orders,
                    changed,
                    mismatch,
                });
            }
            Entry::Reported { .. } => {}
            Entry::Started {
                order_id,
                common_name,
                status,
                before,
                refreshed,
                ..
            } => {
                let index = self.index_of(order_id)?;
                let (order, progress) =
                    (&self.plan.plan().orders()[index], &mut self.progress[index]);
                if matches!(progress.step, Step::Finished(OrderResult::Changed(_))) {
                    return Err("the order was already changed");
                }
                if before.is_some() != order.is_unread() {
                    return Err("`before` is not that of an order that the plan has not read");
                }
                if let Some(before) = before {
                    let [name, status] =
                        [common_name, status].map(|text| text.map(Cow::into_owned));
                    order.set_previous(name, status, *before);
                }
                progress.start(refreshed);
            }
            Entry::Finished {
                order_id,
                result,
                failure,
                blocked,
                conflicts,
                ..
            } => {
                let result = entry::result(result, failure, blocked, conflicts);
                let result = result.ok_or("`result` does not match its details")?;
                let progress = self.progress_of(order_id)?;
                if !progress.can_finish_with(&result) {
                    return Err("`finished` without `started`");
                }
                progress.finish(result);
            }
            Entry::Verified {
                order_id, result, ..
            } => {
                let progress = self.progress_of(order_id)?;
                let Step::Finished(OrderResult::Changed(verification)) = &mut progress.step else {
                    return Err("`verified` for an order that was not changed");
                };
                *verification = match result {
                    VerificationKind::Verified => Verification::Verified,
                    VerificationKind::VerifiedWithoutAnswer => Verification::VerifiedWithoutAnswer,
                    VerificationKind::VerifiedByReport => Verification::VerifiedByReport,
                    // These are verified again.
                    VerificationKind::NotRequested
                    | VerificationKind::Mismatch
                    | VerificationKind::Failed => Verification::NotRequested,
                };
                progress.has_mismatch = result == VerificationKind::Mismatch;
            }
        }
        Ok(())
    }

    fn progress_of(&mut self, order: OrderId) -> Result<&mut OrderProgress, &'static str> {
        self.index_of(order).map(|index| &mut self.progress[index])
    }

    fn index_of(&self, order: OrderId) -> Result<usize, &'static str> {
        let index = self.indices.get(&order).copied();
        index
            .filter(|index| self.plan.plan().orders()[*index].needs_update())
            .ok_or("the plan does not change this order")
    }

    /// Checks that `account` has the base URL and the key of the run.
    ///
    /// # Errors
    /// Returns an [`AccountMismatch`] if it does not.
    pub fn check(&self, account: &AccountIdentity) -> Result<(), AccountMismatch> {
        self.check_base_url(account)?;
        if self.fingerprint(account) != self.key {
            return Err(AccountMismatch::Key);
        }
        Ok(())
    }

    /// Checks the base URL alone, for a user who vouches that the key belongs to the same account.
    ///
    /// # Errors
    /// Returns [`AccountMismatch::BaseUrl`] if it differs.
    pub fn check_base_url(&self, account: &AccountIdentity) -> Result<(), AccountMismatch> {
        self.plan.check(account)
    }

    pub(crate) fn fingerprint(&self, account: &AccountIdentity) -> String {
        account.fingerprint(&self.salt)
    }

    /// The plan of the run.
    #[must_use]
    pub const fn plan(&self) -> &PlanFile {
        &self.plan
    }

    /// The time at which the run started, in RFC 3339.
    #[must_use]
    pub fn created(&self) -> &str {
        &self.created
    }

    /// The number of bytes in complete lines.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// The result of each order so far, in the order of the plan; `None` if its update was started
    /// and has no recorded result.
    pub fn orders(&self) -> impl Iterator<Item = (OrderId, Option<OrderResult>)> {
        let orders = self.plan.plan().orders().iter().zip(&self.progress);
        orders.map(|(order, progress)| {
            let result = order.final_result().or_else(|| match &progress.step {
                Step::NotStarted => Some(OrderResult::Skipped),
                Step::Started => None,
                Step::Finished(result) => Some(result.clone()),
            });
            (order.order(), result)
        })
    }

    /// The number of orders that the run changed, or may have changed.
    #[must_use]
    pub fn changed(&self) -> usize {
        progress::changed(&self.progress)
    }

    /// The number of orders that the run changed, or may have changed, without reading them immediately
    /// before. Their contacts in the plan need not be those that were overwritten, and an
    /// [undo](crate::UndoPlan) restores those of the plan.
    #[must_use]
    pub fn not_refreshed(&self) -> usize {
        let progress = self.progress.iter();
        let changed = progress.filter(|order| order.may_be_changed() && !order.refreshed);
        changed.count()
    }

    /// The number of orders that still need an update.
    #[must_use]
    pub fn remaining(&self) -> usize {
        progress::remaining(self.plan.plan().orders(), &self.progress)
    }

    /// The smallest and the largest number of requests of a resumed run that updates every remaining
    /// order, as [`RunSettings::requests`] counts them.
    #[must_use]
    pub fn requests(&self, settings: &RunSettings) -> RangeInclusive<usize> {
        let unverified = Step::Finished(OrderResult::Changed(Verification::NotRequested));
        let progress = self.progress.iter();
        let unverified = progress.filter(|order| order.step == unverified).count();
        let mut remaining = PlanSummary::default();
        for (order, progress) in self.plan.plan().orders().iter().zip(&self.progress) {
            if progress.next_task(order, false).is_ok() {
                remaining.changes += usize::from(order.was_read());
                remaining.unread += usize::from(!order.was_read());
            }
        }
        settings.resumed_requests(&remaining, unverified)
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("orders", &self.progress.len())
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

//! The journal of a run. An entry is on disk before the next step starts.

pub(crate) mod entry;
pub(crate) mod file;
pub(crate) mod replay;
pub(crate) mod storage;
mod timeline;

use std::io;
use std::time::SystemTime;

use contacts_core::{OrderId, Outcome};
use serde::Serialize;

use crate::account::AccountIdentity;
use crate::failure::{Failure, FailureKind};
use crate::file::FileFormat;
use crate::journal::entry::{Entry, JournalHead, PlanHead};
use crate::plan::file::PlanFile;
use crate::plan::line;
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, VerificationKind};
use crate::run::sample::Sample;

pub use crate::journal::file::JournalFile;
pub use crate::journal::replay::Replay;
pub use crate::journal::storage::JournalStorage;
pub use crate::journal::timeline::Timeline;

pub(crate) struct Journal<S> {
    storage: S,
    /// After a partial line, nothing more may be written.
    broken: bool,
}

impl<S: JournalStorage> Journal<S> {
    /// Appends to a journal.
    pub(crate) const fn new(storage: S) -> Self {
        Self {
            storage,
            broken: false,
        }
    }

    /// Starts a journal with the whole plan, so that nothing else is needed to resume or undo the
    /// run.
    pub(crate) fn start(
        plan: &PlanFile,
        account: &AccountIdentity,
        storage: S,
        now: SystemTime,
    ) -> io::Result<Self> {
        /// The size of a write.
        const CHUNK: usize = 1 << 16;
        let digest = plan.digest();
        let created = time(now);
        let head = JournalHead {
            format: FileFormat::Journal.name().into(),
            version: FileFormat::VERSION,
            created: created.as_str().into(),
            base_url: account.base_url().into(),
            key: account.fingerprint(&salt(&digest, &created)).into(),
            plan: PlanHead {
                digest: digest.as_str().into(),
                created: plan.created().into(),
                orders: plan.plan().orders().len(),
            },
        };
        let mut journal = Self::new(storage);
        let mut lines = serde_json::to_vec(&head)?;
        lines.push(b'\n');
        for order in plan.plan().orders() {
            line::write(order, &mut lines)?;
            lines.push(b'\n');
            if lines.len() > CHUNK {
                journal.storage.write(&lines)?;
                lines.clear();
            }
        }
        journal.storage.write(&lines)?;
        journal.storage.sync()?;
        Ok(journal)
    }

    /// Records that an update is about to be sent: whether it was `refreshed`, and the order as it
    /// was read if the plan does not have it.
    pub(crate) fn started(
        &mut self,
        order: &PlannedOrder,
        refreshed: bool,
        now: SystemTime,
    ) -> Result<(), Failure> {
        let read = Some(order).filter(|order| order.is_unread());
        let entry = Entry::Started {
            order_id: order.order(),
            at: time(now).into(),
            refreshed,
            common_name: read.and_then(PlannedOrder::common_name).map(Into::into),
            status: read.and_then(PlannedOrder::status).map(Into::into),
            before: read.and_then(PlannedOrder::previous).cloned().map(Box::new),
        };
        self.write(&entry)
            .map_err(|error| failure(&error, Outcome::NotSent))
    }

    pub(crate) fn finished(
        &mut self,
        order: OrderId,
        result: &OrderResult,
        now: SystemTime,
    ) -> Result<(), Failure> {
        let Some(entry) = Entry::of_result(order, time(now).into(), result) else {
            return Ok(());
        };
        self.write(&entry)
            .map_err(|error| failure(&error, Outcome::Unknown))
    }

    /// Records how many of the changed orders were verified as a sample.
    pub(crate) fn sampled(&mut self, sample: &Sample, now: SystemTime) -> Result<(), Failure> {
        let entry = Entry::Sampled {
            at: time(now).into(),
            orders: sample.orders,
            changed: sample.changed,
            mismatch: sample.mismatch,
        };
        self.write(&entry)
            .map_err(|error| failure(&error, Outcome::Unknown))
    }

    /// Records which of the changed orders were verified by the reports, with one write.
    pub(crate) fn reported(
        &mut self,
        orders: impl ExactSizeIterator<Item = OrderId>,
        changed: usize,
        now: SystemTime,
    ) -> Result<(), Failure> {
        let at = time(now);
        let reported = Entry::Reported {
            at: at.as_str().into(),
            orders: orders.len(),
            changed,
        };
        let verified = orders.map(|order_id| Entry::Verified {
            order_id,
            at: at.as_str().into(),
            result: VerificationKind::VerifiedByReport,
            failure: None,
        });
        self.write_all(verified.chain([reported]))
            .map_err(|error| failure(&error, Outcome::Unknown))
    }

    pub(crate) fn resumed(&mut self, key: &str, now: SystemTime) -> io::Result<()> {
        self.write(&Entry::Resumed {
            at: time(now).into(),
            key: key.into(),
        })
    }

    fn write(&mut self, entry: &impl Serialize) -> io::Result<()> {
        self.write_all([entry])
    }

    fn write_all(&mut self, entries: impl IntoIterator<Item = impl Serialize>) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write failed"));
        }
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, &entry)?;
            lines.push(b'\n');
        }
        let written = self.storage.write(&lines);
        let written = written.and_then(|()| self.storage.sync());
        self.broken = written.is_err();
        written
    }
}

fn failure(error: &io::Error, outcome: Outcome) -> Failure {
    let message = format!("cannot write the journal: {error}");
    Failure::new(FailureKind::Journal, outcome, message)
}

/// The salt of a journal's fingerprints.
pub(crate) fn salt(digest: &str, created: &str) -> String {
    format!("{created}\n{digest}")
}

pub(crate) fn time(now: SystemTime) -> String {
    humantime::format_rfc3339_millis(now.max(SystemTime::UNIX_EPOCH)).to_string()
}

//! Writing the journal of a run: every line is safe before the step that comes after it is taken.

pub(crate) mod error;
pub(crate) mod file;
pub(crate) mod history;
pub(crate) mod line;
pub(crate) mod replay;
pub(crate) mod storage;

use std::io;
use std::time::SystemTime;

use contacts_core::{OrderId, Outcome};
use serde::Serialize;

use crate::account::AccountIdentity;
use crate::failure::{Failure, FailureKind};
use crate::journal::line as journal_line;
use crate::journal::line::{Head, Line, OrderIdText, PlanHead, VERSION, VerificationName};
use crate::journal::storage::JournalStorage;
use crate::own_file::JOURNAL;
use crate::plan::file::PlanFile;
use crate::plan::line as plan_line;
use crate::report::{OrderResult, Verification};

pub(crate) struct Journal<S> {
    to: S,
    /// Behind half a line nothing more may be written.
    broken: bool,
}

impl<S: JournalStorage> Journal<S> {
    /// Begins the journal of a plan. The whole plan is in it, so that nothing else is needed to go
    /// on with the run or to undo it.
    pub(crate) fn start(
        plan: &PlanFile,
        account: &AccountIdentity,
        to: S,
        now: SystemTime,
    ) -> io::Result<Self> {
        /// As much as one write takes.
        const CHUNK: usize = 1 << 16;
        let digest = plan.digest();
        let created = time(now);
        let head = Head {
            format: JOURNAL.into(),
            version: VERSION,
            created: created.as_str().into(),
            base_url: account.base_url().into(),
            key: account.fingerprint(&salt(&digest, &created)).into(),
            plan: PlanHead {
                digest: digest.as_str().into(),
                created: plan.created().into(),
                orders: plan.plan().orders().len(),
            },
        };
        let mut journal = Self::on(to);
        let mut lines = serde_json::to_vec(&head)?;
        lines.push(b'\n');
        for order in plan.plan().orders() {
            plan_line::write(order, &mut lines)?;
            lines.push(b'\n');
            if lines.len() > CHUNK {
                journal.to.write(&lines)?;
                lines.clear();
            }
        }
        journal.to.write(&lines)?;
        journal.to.sync()?;
        Ok(journal)
    }

    /// Goes on behind the last line.
    pub(crate) const fn on(to: S) -> Self {
        Self { to, broken: false }
    }

    pub(crate) fn begin(&mut self, order: OrderId, now: SystemTime) -> Result<(), Failure> {
        self.line(&Line::Started {
            order_id: OrderIdText(order),
            at: time(now).into(),
        })
        .map_err(|error| failure(&error, Outcome::NotSent))
    }

    pub(crate) fn end(
        &mut self,
        order: OrderId,
        result: &OrderResult,
        now: SystemTime,
    ) -> Result<(), Failure> {
        let at = time(now);
        let Some(line) = journal_line::end(order, &at, result) else {
            return Ok(());
        };
        self.line(&line)
            .map_err(|error| failure(&error, Outcome::Unknown))
    }

    pub(crate) fn verification(
        &mut self,
        order: OrderId,
        verification: &Verification,
        now: SystemTime,
    ) -> Result<(), Failure> {
        let (result, failed) = match verification {
            Verification::NotRequested => return Ok(()),
            Verification::Verified => (VerificationName::Verified, None),
            Verification::Mismatch(_) => (VerificationName::Mismatch, None),
            Verification::Failed(failure) => (VerificationName::Failed, Some(failure.clone())),
        };
        self.line(&Line::Verified {
            order_id: OrderIdText(order),
            at: time(now).into(),
            result,
            failure: failed,
        })
        .map_err(|error| failure(&error, Outcome::Unknown))
    }

    pub(crate) fn resumed(&mut self, key: &str, now: SystemTime) -> io::Result<()> {
        self.line(&Line::Resumed {
            at: time(now).into(),
            key: key.into(),
        })
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("it could not be written before"));
        }
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        let written = self.to.write(&bytes).and_then(|()| self.to.sync());
        self.broken = written.is_err();
        written
    }
}

fn failure(error: &io::Error, outcome: Outcome) -> Failure {
    let sentence = format!("the journal can't be written: {error}");
    Failure::new(FailureKind::Journal, outcome, sentence)
}

/// What makes the fingerprints of one journal differ from those of another.
pub(crate) fn salt(digest: &str, created: &str) -> String {
    format!("{created}\n{digest}")
}

fn time(now: SystemTime) -> String {
    humantime::format_rfc3339_millis(now.max(SystemTime::UNIX_EPOCH)).to_string()
}

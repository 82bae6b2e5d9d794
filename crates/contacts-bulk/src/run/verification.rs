//! Verifies changed orders after all updates: a random sample, or by the account's reports.

use std::mem;
use std::time::SystemTime;

use crate::journal::JournalStorage;
use crate::report::{OrderResult, Verification};
use crate::run::RunEvent;
use crate::run::dispatch::Dispatch;
use crate::run::proof::{self, Proof};
use crate::run::sample::{self, Sample};
use crate::run::settings::Verify;

/// How far a run is.
#[derive(Default)]
pub(crate) enum Phase {
    #[default]
    Updates,
    /// Reads a random sample, by index.
    Sample(Vec<usize>),
    /// Reads the other orders.
    Rest,
}

/// What a run does next to verify orders.
pub(crate) enum NextStep {
    /// Asks the reports for these orders, by index.
    AskReports(Vec<usize>),
    /// Reads orders.
    Read,
    Done,
}

impl<S: JournalStorage, C: Fn() -> SystemTime> Dispatch<'_, S, C> {
    /// Starts the next step after all tasks are finished.
    pub(crate) fn next_step(&mut self) -> NextStep {
        if self.stopped.is_some() {
            return NextStep::Done;
        }
        match (
            self.settings.verify,
            mem::replace(&mut self.phase, Phase::Rest),
        ) {
            (Verify::Report, Phase::Updates) => {
                let unverified = sample::unverified(&self.results).into_iter();
                let provable: Vec<_> = unverified.filter(|i| self.is_provable(*i)).collect();
                if !provable.is_empty() {
                    return NextStep::AskReports(provable);
                }
                self.read_unverified();
            }
            // An earlier process found a mismatch, perhaps in its sample.
            (Verify::Sample(_), Phase::Updates) if self.recorder.has_mismatch() => {
                self.read_unverified();
            }
            (Verify::Sample(size), Phase::Updates) => {
                self.to_verify = sample::choose(size.get(), &self.results);
                self.sampled = self.to_verify.len();
                if self.sampled > 0 {
                    self.phase = Phase::Sample(self.to_verify.clone());
                }
            }
            (Verify::Sample(_), Phase::Sample(sample)) => {
                let sample = Sample::new(&sample, &self.results);
                self.stopped = self.recorder.sampled(&sample).err();
                if sample.mismatch > 0 {
                    self.read_unverified();
                }
            }
            _ => {}
        }
        if self.to_verify.is_empty() {
            NextStep::Done
        } else {
            NextStep::Read
        }
    }

    fn is_provable(&self, index: usize) -> bool {
        let refreshed = self.recorder.progress[index].refreshed;
        proof::is_provable(&self.recorder.orders[index], refreshed)
    }

    /// Records what the reports prove. The other orders are read.
    pub(crate) fn add_proof(&mut self, proof: Proof, progress: &mut impl FnMut(RunEvent<'_>)) {
        let changed = sample::unverified(&self.results).len();
        for source in &proof.sources {
            progress(RunEvent::Asked { source, changed });
        }
        let recorded = self.recorder.reported(&proof.verified, changed);
        self.stopped = recorded.err().or(proof.stopped);
        if self.stopped.is_none() {
            for index in proof.verified {
                let verified = OrderResult::Changed(Verification::VerifiedByReport);
                self.finish(index, verified, progress);
            }
            self.read_unverified();
        }
    }

    /// Reads the changed orders that are not verified, in their sequence.
    fn read_unverified(&mut self) {
        self.to_verify = sample::unverified(&self.results);
        self.to_verify.reverse();
    }
}

use std::time::SystemTime;

use crate::failure::Failure;
use crate::journal::{Journal, JournalStorage};
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Verification};
use crate::run::progress::{OrderProgress, Step, Task};
use crate::run::sample::Sample;

/// Records each step of a run, in memory and in the journal. A step starts only after its entry is
/// on disk.
pub(crate) struct Recorder<'a, S, C> {
    pub(crate) orders: &'a [PlannedOrder],
    pub(crate) progress: &'a mut [OrderProgress],
    pub(crate) journal: &'a mut Journal<S>,
    pub(crate) clock: &'a C,
}

impl<S: JournalStorage, C: Fn() -> SystemTime> Recorder<'_, S, C> {
    pub(crate) fn next_task(&self, index: usize, verify: bool) -> Result<Task, OrderResult> {
        self.progress[index].next_task(&self.orders[index], verify)
    }

    /// Whether an update of the order was recorded, by this process or an earlier one.
    pub(crate) fn is_started(&self, index: usize) -> bool {
        self.progress[index].step != Step::NotStarted
    }

    /// Whether the latest verification of an order found a mismatch.
    pub(crate) fn has_mismatch(&self) -> bool {
        self.progress.iter().any(|order| order.has_mismatch)
    }

    /// The recorded result; an order without one is skipped.
    pub(crate) fn result(&self, index: usize) -> OrderResult {
        match &self.progress[index].step {
            Step::Finished(result) => result.clone(),
            Step::NotStarted | Step::Started => OrderResult::Skipped,
        }
    }

    pub(crate) fn start(&mut self, index: usize, refreshed: bool) -> Result<(), Failure> {
        let order = &self.orders[index];
        self.journal.started(order, refreshed, (self.clock)())?;
        self.progress[index].start(refreshed);
        Ok(())
    }

    pub(crate) fn sampled(&mut self, sample: &Sample) -> Result<(), Failure> {
        self.journal.sampled(sample, (self.clock)())
    }

    /// Records that the reports show the updates of these orders, of all that were changed.
    pub(crate) fn reported(&mut self, indices: &[usize], changed: usize) -> Result<(), Failure> {
        let verified = OrderResult::Changed(Verification::VerifiedByReport);
        for index in indices {
            self.progress[*index].finish(verified.clone());
        }
        let orders = indices.iter().map(|index| self.orders[*index].order());
        self.journal.reported(orders, changed, (self.clock)())
    }

    pub(crate) fn finish(&mut self, index: usize, result: &OrderResult) -> Result<(), Failure> {
        self.progress[index].finish(result.clone());
        let order = self.orders[index].order();
        self.journal.finished(order, result, (self.clock)())
    }
}

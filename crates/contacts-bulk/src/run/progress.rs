//! The progress of each order of a run, and what it needs next.

use contacts_core::Outcome;

use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Verification};

/// The progress of an order, over all processes that worked on the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OrderProgress {
    pub(crate) step: Step,
    /// Whether an update before the latest may have changed the order. A rejection of the latest
    /// does not undo it.
    changed_before: bool,
    /// Whether the order was compared with the plan immediately before the latest update.
    pub(crate) refreshed: bool,
    /// Whether the latest verification found a mismatch.
    pub(crate) has_mismatch: bool,
}

/// The progress of the latest update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    #[default]
    NotStarted,
    /// The process ended before it recorded the result.
    Started,
    Finished(OrderResult),
}

/// What a worker does with an order.
#[derive(Clone, Copy)]
pub(crate) enum Task {
    /// Reads the order and compares it with the plan.
    Compare {
        /// Whether an earlier update may have been applied.
        may_be_applied: bool,
    },
    Update {
        /// Whether the order was compared with the plan immediately before.
        refreshed: bool,
    },
    Verify,
}

impl OrderProgress {
    pub(crate) fn start(&mut self, refreshed: bool) {
        self.changed_before = self.may_be_changed();
        self.refreshed = refreshed;
        self.step = Step::Started;
    }

    /// Records the result of an update, or of the read before it.
    pub(crate) fn finish(&mut self, result: OrderResult) {
        // An update that was sent before a conflict may be applied later.
        if self.step != Step::Started || matches!(result, OrderResult::Conflict(_)) {
            self.changed_before = self.may_be_changed();
        }
        self.has_mismatch = matches!(result, OrderResult::Changed(Verification::Mismatch(_)));
        self.step = Step::Finished(result);
    }

    /// Whether the result can be recorded now: an update has to be started first. What the read before
    /// it finds needs no start.
    pub(crate) fn can_finish_with(&self, result: &OrderResult) -> bool {
        let is_changed = matches!(self.step, Step::Finished(OrderResult::Changed(_)));
        self.step == Step::Started
            || match result {
                OrderResult::Failed(_) => false,
                // An update whose response was lost.
                OrderResult::Changed(_) => self.may_be_changed() && !is_changed,
                _ => !is_changed,
            }
    }

    /// Whether the run changed the order, or may have.
    pub(crate) fn may_be_changed(&self) -> bool {
        self.changed_before
            || match &self.step {
                Step::Started | Step::Finished(OrderResult::Changed(_)) => true,
                Step::Finished(OrderResult::Failed(failure)) => {
                    failure.outcome() == Outcome::Unknown
                }
                Step::NotStarted | Step::Finished(_) => false,
            }
    }

    /// The first task of an update or a verification, or the result if the order needs nothing.
    pub(crate) fn next_task(
        &self,
        order: &PlannedOrder,
        verify: bool,
    ) -> Result<Task, OrderResult> {
        if let Some(result) = order.final_result() {
            return Err(result);
        }
        let update = Task::Compare {
            may_be_applied: self.may_be_changed(),
        };
        match &self.step {
            Step::NotStarted | Step::Started => Ok(update),
            Step::Finished(OrderResult::Changed(Verification::NotRequested)) if verify => {
                Ok(Task::Verify)
            }
            Step::Finished(OrderResult::Failed(failure) | OrderResult::ReadFailed(failure))
                if failure.is_retryable() =>
            {
                Ok(update)
            }
            Step::Finished(result) => Err(result.clone()),
        }
    }
}

/// Records that the process ended: what it started may have been applied.
pub(crate) fn interrupt(progress: &mut [OrderProgress]) {
    for order in progress.iter_mut().filter(|o| o.step == Step::Started) {
        order.changed_before = true;
    }
}

/// The number of orders that the run changed, or may have changed.
pub(crate) fn changed(progress: &[OrderProgress]) -> usize {
    let changed = progress.iter().filter(|order| order.may_be_changed());
    changed.count()
}

/// The number of orders that still need an update.
pub(crate) fn remaining(orders: &[PlannedOrder], progress: &[OrderProgress]) -> usize {
    let orders = orders.iter().zip(progress);
    orders
        .filter(|(order, progress)| progress.next_task(order, false).is_ok())
        .count()
}

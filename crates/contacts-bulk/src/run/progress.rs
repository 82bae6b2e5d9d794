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
    Update {
        /// Whether an earlier update may have been applied.
        may_be_applied: bool,
    },
    Verify,
}

impl OrderProgress {
    pub(crate) fn start(&mut self) {
        self.changed_before = self.may_be_changed();
        self.step = Step::Started;
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

    /// The next task, or the result if the order needs nothing.
    pub(crate) fn next_task(
        &self,
        order: &PlannedOrder,
        verify: bool,
    ) -> Result<Task, OrderResult> {
        if let Some(result) = order.final_result() {
            return Err(result);
        }
        let update = Task::Update {
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

/// The number of orders that still need an update.
pub(crate) fn remaining(orders: &[PlannedOrder], progress: &[OrderProgress]) -> usize {
    let orders = orders.iter().zip(progress);
    orders
        .filter(|(order, progress)| progress.next_task(order, false).is_ok())
        .count()
}

//! How far an order of a plan got, and what it needs next.

use contacts_core::Outcome;

use crate::plan::{Plan, PlannedOrder};
use crate::report::{OrderResult, Verification};

/// What earlier runs over the same plan found out about an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) step: Step,
    /// Whether a request before the latest may have changed it. What became of the latest doesn't
    /// tell: one that was refused leaves what an earlier one may have done.
    pub(crate) may_be_changed_before: bool,
}

/// How far the latest request about an order got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    /// There was none.
    #[default]
    Open,
    /// It was begun, and nobody knows how it ended.
    Begun,
    /// It came to an end.
    Ended(OrderResult),
}

impl Known {
    pub(crate) fn begin(&mut self) {
        self.may_be_changed_before = self.may_be_changed();
        self.step = Step::Begun;
    }

    pub(crate) fn end(&mut self, result: OrderResult) {
        self.step = Step::Ended(result);
    }

    /// Whether the order was changed, or may have been.
    pub(crate) fn may_be_changed(&self) -> bool {
        self.may_be_changed_before
            || match &self.step {
                Step::Begun | Step::Ended(OrderResult::Changed(_)) => true,
                Step::Ended(OrderResult::Failed(failure)) => failure.outcome() == Outcome::Unknown,
                Step::Open | Step::Ended(_) => false,
            }
    }
}

/// What an order is waiting for.
#[derive(Clone, Copy)]
pub(crate) enum Job {
    /// The request. With `check` only where the order is still as the plan saw it or, where an
    /// earlier request `may_have_passed`, as it is wanted.
    Change { check: bool, may_have_passed: bool },
    /// The comparison with what was sent.
    Verify,
}

/// How many orders of a plan need a request.
pub(crate) fn open(plan: &Plan, known: &[Known]) -> usize {
    let orders = plan.orders().iter().zip(known);
    orders
        .filter(|(order, known)| first(order, (*known).clone(), false).is_ok())
        .count()
}

/// What an order needs first, or what became of it where it needs nothing.
pub(crate) fn first(order: &PlannedOrder, known: Known, verify: bool) -> Result<Job, OrderResult> {
    if let Some(result) = order.result() {
        return Err(result);
    }
    let change = Job::Change {
        check: false,
        may_have_passed: known.may_be_changed(),
    };
    match known.step {
        Step::Open | Step::Begun => Ok(change),
        Step::Ended(OrderResult::Changed(Verification::NotRequested)) if verify => Ok(Job::Verify),
        Step::Ended(OrderResult::Failed(failure) | OrderResult::ReadFailed(failure))
            if failure.may_pass() =>
        {
            Ok(change)
        }
        Step::Ended(result) => Err(result),
    }
}

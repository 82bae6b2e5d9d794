use std::num::NonZeroUsize;

use crate::failure::{Effect, Failure};

/// Decides whether a run should stop after a failure.
pub(crate) struct StopPolicy {
    unavailable_in_a_row: usize,
    max_in_a_row: usize,
    failed: usize,
    max_failed: Option<NonZeroUsize>,
}

/// The number of consecutive orders for which the service may be unavailable (our own decision).
const MAX_IN_A_ROW: usize = 3;

impl StopPolicy {
    /// For `orders` orders with `concurrency` concurrent requests. Concurrent requests meet the same
    /// outage, so they count as one.
    pub(crate) fn new(orders: usize, concurrency: usize) -> Self {
        Self {
            unavailable_in_a_row: 0,
            max_in_a_row: (MAX_IN_A_ROW + concurrency - 1).min(orders),
            failed: 0,
            max_failed: None,
        }
    }

    /// Also stops once this number of orders has failed.
    pub(crate) const fn max_failed(mut self, orders: Option<NonZeroUsize>) -> Self {
        self.max_failed = orders;
        self
    }

    /// Records the result of an order. Returns whether the run must stop.
    pub(crate) fn must_stop(&mut self, failure: Option<&Failure>) -> bool {
        let Some(failure) = failure else {
            self.unavailable_in_a_row = 0;
            return false;
        };
        self.failed += 1;
        let stop = match failure.effect() {
            Effect::StopRun => true,
            Effect::StopIfRepeated => {
                self.unavailable_in_a_row += 1;
                self.unavailable_in_a_row >= self.max_in_a_row
            }
            Effect::Continue => {
                self.unavailable_in_a_row = 0;
                false
            }
        };
        stop || self.max_failed.is_some_and(|max| self.failed >= max.get())
    }
}

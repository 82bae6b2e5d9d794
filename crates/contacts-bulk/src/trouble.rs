use crate::failure::{Failure, FailureKind};

/// Decides after each call whether the rest can be expected to fare better.
pub(crate) struct Trouble {
    in_a_row: usize,
    most: usize,
}

/// So many orders in a row that meet server trouble end a run (our own decision).
const MOST_IN_A_ROW: usize = 3;

impl Trouble {
    /// For a run over `orders` orders, `at_once` of them at a time; a run shorter than the limit
    /// ends when all of it failed. Those that are under way at one moment meet the same trouble, so
    /// they count as one order.
    pub(crate) fn new(orders: usize, at_once: usize) -> Self {
        Self {
            in_a_row: 0,
            most: (MOST_IN_A_ROW + at_once - 1).min(orders),
        }
    }

    /// Takes note of how a call ended; says whether the run has to stop.
    pub(crate) fn ends_with(&mut self, failure: Option<&Failure>) -> bool {
        match failure.map(Failure::kind) {
            Some(
                FailureKind::KeyRejected
                | FailureKind::RateLimited
                | FailureKind::Cancelled
                | FailureKind::Journal,
            ) => true,
            Some(FailureKind::Unavailable) => {
                self.in_a_row += 1;
                self.in_a_row >= self.most
            }
            Some(FailureKind::NotFound | FailureKind::Other) | None => {
                self.in_a_row = 0;
                false
            }
        }
    }
}

//! A random sample of the changed orders.

use crate::report::{OrderResult, Verification};

/// The size and the result of a sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) orders: usize,
    /// The changed orders from which it was chosen.
    pub(crate) changed: usize,
    pub(crate) mismatch: usize,
}

/// Chooses a sample, by index. Orders that an earlier process verified are part of its `size`.
pub(crate) fn choose(size: usize, results: &[OrderResult]) -> Vec<usize> {
    let unverified = unverified(results);
    let verified = changed(results) - unverified.len();
    fastrand::choose_multiple(unverified, size.saturating_sub(verified))
}

impl Sample {
    /// The result of a sample that was read.
    pub(crate) fn new(sample: &[usize], results: &[OrderResult]) -> Self {
        let is_mismatch = |index: &&usize| {
            let result = &results[**index];
            matches!(result, OrderResult::Changed(Verification::Mismatch(_)))
        };
        Self {
            orders: sample.len(),
            changed: changed(results),
            mismatch: sample.iter().filter(is_mismatch).count(),
        }
    }
}

/// The number of changed orders.
pub(crate) fn changed(results: &[OrderResult]) -> usize {
    let changed = results.iter();
    let changed = changed.filter(|result| matches!(result, OrderResult::Changed(_)));
    changed.count()
}

/// The changed orders that were not verified, by index.
pub(crate) fn unverified(results: &[OrderResult]) -> Vec<usize> {
    let unverified = OrderResult::Changed(Verification::NotRequested);
    let results = results.iter().enumerate();
    let results = results.filter(|(_, result)| **result == unverified);
    results.map(|(index, _)| index).collect()
}

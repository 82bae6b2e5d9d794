//! Verifies a random sample of the changed orders, after all updates.

use std::mem;

use crate::report::{OrderResult, Verification};

/// The size and the result of a sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) orders: usize,
    /// The changed orders from which it was chosen.
    pub(crate) changed: usize,
    pub(crate) mismatch: usize,
}

/// The state of a sample.
#[derive(Default)]
pub(crate) enum Sampling {
    #[default]
    NotStarted,
    /// The orders that are read, by index, and the number of changed orders.
    Started(Vec<usize>, usize),
    Finished,
}

impl Sampling {
    /// Chooses the sample. Orders that an earlier process verified are part of its `size`. Returns the
    /// orders to read.
    pub(crate) fn choose(&mut self, size: usize, results: &[OrderResult]) -> Vec<usize> {
        let changed = results
            .iter()
            .filter(|r| matches!(r, OrderResult::Changed(_)));
        let changed = changed.count();
        let unverified = unverified(results);
        let verified = changed - unverified.len();
        let sample = fastrand::choose_multiple(unverified, size.saturating_sub(verified));
        *self = Self::Started(sample.clone(), changed);
        sample
    }

    /// The result of a sample that was read.
    pub(crate) fn finish(&mut self, results: &[OrderResult]) -> Option<Sample> {
        let Self::Started(sample, changed) = mem::replace(self, Self::Finished) else {
            return None;
        };
        let is_mismatch = |index: &&usize| {
            let result = &results[**index];
            matches!(result, OrderResult::Changed(Verification::Mismatch(_)))
        };
        Some(Sample {
            orders: sample.len(),
            changed,
            mismatch: sample.iter().filter(is_mismatch).count(),
        })
    }
}

/// The changed orders that were not verified, by index.
pub(crate) fn unverified(results: &[OrderResult]) -> Vec<usize> {
    let unverified = OrderResult::Changed(Verification::NotRequested);
    let results = results.iter().enumerate();
    let results = results.filter(|(_, result)| **result == unverified);
    results.map(|(index, _)| index).collect()
}

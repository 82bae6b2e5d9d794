//! What a run tells and writes down of its steps.

use crate::failure::Failure;
use crate::known::Known;
use crate::report::{OrderResult, ReportedOrder, Verification};

/// What a run tells while it lasts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RunEvent<'a> {
    /// An order came to its end.
    Ended(&'a ReportedOrder),
    /// Nothing ended for some hundredths of a second: a moment to look at the clock.
    Waiting,
}

/// What a job came to.
pub(crate) enum Done {
    Sent(OrderResult),
    Verification(Verification),
}

/// Where the steps of a run are written down; a step is not taken before its line is safe.
pub(crate) trait Record {
    /// What earlier runs found out about an order.
    fn known(&self, at: usize) -> Known;
    /// Whether orders have to be read again before they are changed.
    fn is_old(&self) -> bool;
    fn begin(&mut self, at: usize) -> Result<(), Failure>;
    fn end(&mut self, at: usize, result: &OrderResult) -> Result<(), Failure>;
    fn verification(&mut self, at: usize, verification: &Verification) -> Result<(), Failure>;
}

/// No record at all, for plans that are applied at once.
pub(crate) struct Unrecorded;

impl Record for Unrecorded {
    fn known(&self, _: usize) -> Known {
        Known::default()
    }
    fn is_old(&self) -> bool {
        false
    }
    fn begin(&mut self, _: usize) -> Result<(), Failure> {
        Ok(())
    }
    fn end(&mut self, _: usize, _: &OrderResult) -> Result<(), Failure> {
        Ok(())
    }
    fn verification(&mut self, _: usize, _: &Verification) -> Result<(), Failure> {
        Ok(())
    }
}

//! Which order comes next, what is written down about it, and when to stop.

use contacts_core::Outcome;

use crate::failure::{Failure, FailureKind};
use crate::known::{self, Job, Step};
use crate::plan::PlannedOrder;
use crate::report::{OrderResult, Report, ReportedOrder, Verification};
use crate::run::record::{Done, Record, RunEvent};
use crate::run::settings::RunSettings;
use crate::trouble::Trouble;

pub(crate) struct Dispatch<'a, R> {
    orders: &'a [PlannedOrder],
    settings: &'a RunSettings,
    record: &'a mut R,
    trouble: Trouble,
    /// Whether each order is read again before its request. Decided once, so that a run that lasts
    /// for hours does not become slower in its midst.
    check: bool,
    next: usize,
    begun: usize,
    failed: usize,
    stopped: Option<Failure>,
    results: Vec<Option<OrderResult>>,
}

impl<'a, R: Record> Dispatch<'a, R> {
    pub(crate) fn new(
        orders: &'a [PlannedOrder],
        settings: &'a RunSettings,
        record: &'a mut R,
    ) -> Self {
        let open = |at: &usize| {
            let first = known::first(&orders[*at], record.known(*at), settings.verify);
            first.is_ok()
        };
        let open = (0..orders.len()).filter(open).count();
        let check = settings.check_again || record.is_old();
        Self {
            orders,
            settings,
            record,
            check,
            trouble: Trouble::new(open, settings.concurrency.get()),
            next: 0,
            begun: 0,
            failed: 0,
            stopped: None,
            results: vec![None; orders.len()],
        }
    }

    /// The next order that has to be worked on. Those before it that need no work come to their
    /// end here.
    pub(crate) fn next(&mut self, progress: &mut impl FnMut(RunEvent<'_>)) -> Option<(usize, Job)> {
        while self.next < self.orders.len() {
            let at = self.next;
            self.next += 1;
            let known = self.record.known(at);
            let told_before = known.step != Step::Open;
            match known::first(&self.orders[at], known, self.settings.verify) {
                Err(result) if told_before => self.results[at] = Some(result),
                Err(result) => self.end(at, result, progress),
                Ok(Job::Verify) if self.stopped.is_none() => {
                    return Some((at, Job::Verify));
                }
                Ok(Job::Verify) => self.end(
                    at,
                    OrderResult::Changed(Verification::NotRequested),
                    progress,
                ),
                Ok(_) if self.stopped.is_some() || self.is_at_limit() => {
                    self.end(at, self.untried(at), progress);
                }
                Ok(Job::Change {
                    may_have_passed, ..
                }) => {
                    if let Err(failure) = self.record.begin(at) {
                        self.stopped = Some(failure);
                        self.end(at, self.untried(at), progress);
                        continue;
                    }
                    self.begun += 1;
                    return Some((
                        at,
                        Job::Change {
                            check: self.check,
                            may_have_passed,
                        },
                    ));
                }
            }
        }
        None
    }

    /// Takes note of what a job came to; says what the order needs now.
    pub(crate) fn done(
        &mut self,
        at: usize,
        done: Done,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) -> Option<Job> {
        let (result, written) = match done {
            Done::Sent(result) => {
                let written = self.record.end(at, &result);
                (result, written)
            }
            Done::Verification(verification) => {
                let written = self.record.verification(at, &verification);
                (OrderResult::Changed(verification), written)
            }
        };
        if let Err(failure) = written {
            self.stopped.get_or_insert(failure);
        } else if self.settings.verify && result == OrderResult::Changed(Verification::NotRequested)
        {
            return Some(Job::Verify);
        }
        let result = self.judge(result);
        self.end(at, result, progress);
        None
    }

    /// Stops the run where the rest can't be expected to fare better.
    fn judge(&mut self, result: OrderResult) -> OrderResult {
        self.failed += usize::from(result.failure().is_some());
        let too_many = |most: std::num::NonZeroUsize| self.failed >= most.get();
        let too_many = self.settings.stop_after_failures.is_some_and(too_many);
        let failure = result.failure();
        if self.trouble.ends_with(failure) || too_many && failure.is_some() {
            if self.stopped.is_none() {
                self.stopped = failure.cloned();
            }
            let never_sent = |f: &Failure| f.is_cancelled() && f.outcome() == Outcome::NotSent;
            let skipped = match &result {
                OrderResult::Failed(failure) => never_sent(failure),
                OrderResult::ReadFailed(failure) => failure.kind() == FailureKind::Cancelled,
                _ => false,
            };
            if skipped {
                return OrderResult::Skipped;
            }
        }
        result
    }

    /// What becomes of an order that a stopped run leaves behind.
    fn untried(&self, at: usize) -> OrderResult {
        match self.record.known(at).step {
            Step::Ended(result) => result,
            Step::Open | Step::Begun => OrderResult::Skipped,
        }
    }

    fn is_at_limit(&self) -> bool {
        self.settings.limit.is_some_and(|limit| self.begun >= limit)
    }

    fn end(&mut self, at: usize, result: OrderResult, progress: &mut impl FnMut(RunEvent<'_>)) {
        let result = ReportedOrder::new(self.orders[at].order(), result);
        progress(RunEvent::Ended(&result));
        self.results[at] = Some(result.into_result());
    }

    pub(crate) fn finish(self) -> Report {
        let ended = self.orders.iter().zip(self.results);
        let result = |(order, result): (&PlannedOrder, Option<OrderResult>)| {
            ReportedOrder::new(order.order(), result.unwrap_or(OrderResult::Skipped))
        };
        Report::new(ended.map(result).collect(), self.stopped)
    }
}

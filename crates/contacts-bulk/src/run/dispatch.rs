//! Which order comes next, what is written down about it, and when to stop.

use contacts_core::Outcome;

use crate::failure::{Failure, FailureKind};
use crate::known::{self, Job, Step};
use crate::plan::PlannedOrder;
use crate::report::{OrderResult, ReadBack, Report, Verdict};
use crate::run::record::{Done, Event, Record};
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
    verdicts: Vec<Option<Verdict>>,
}

impl<'a, R: Record> Dispatch<'a, R> {
    pub(crate) fn new(
        orders: &'a [PlannedOrder],
        settings: &'a RunSettings,
        record: &'a mut R,
    ) -> Self {
        let open = |at: &usize| {
            let first = known::first(&orders[*at], record.known(*at), settings.read_back);
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
            verdicts: vec![None; orders.len()],
        }
    }

    /// The next order that has to be worked on. Those before it that need no work come to their
    /// end here.
    pub(crate) fn next(&mut self, progress: &mut impl FnMut(Event<'_>)) -> Option<(usize, Job)> {
        while self.next < self.orders.len() {
            let at = self.next;
            self.next += 1;
            let known = self.record.known(at);
            let told_before = known.step != Step::Open;
            match known::first(&self.orders[at], known, self.settings.read_back) {
                Err(verdict) if told_before => self.verdicts[at] = Some(verdict),
                Err(verdict) => self.end(at, verdict, progress),
                Ok(Job::ReadBack) if self.stopped.is_none() => return Some((at, Job::ReadBack)),
                Ok(Job::ReadBack) => self.end(at, Verdict::Changed(ReadBack::NotAsked), progress),
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
        progress: &mut impl FnMut(Event<'_>),
    ) -> Option<Job> {
        let (verdict, written) = match done {
            Done::Sent(verdict) => {
                let written = self.record.end(at, &verdict);
                (verdict, written)
            }
            Done::ReadBack(read_back) => {
                let written = self.record.read_back(at, &read_back);
                (Verdict::Changed(read_back), written)
            }
        };
        if let Err(failure) = written {
            self.stopped.get_or_insert(failure);
        } else if self.settings.read_back && verdict == Verdict::Changed(ReadBack::NotAsked) {
            return Some(Job::ReadBack);
        }
        let verdict = self.judge(verdict);
        self.end(at, verdict, progress);
        None
    }

    /// Stops the run where the rest can't be expected to fare better.
    fn judge(&mut self, verdict: Verdict) -> Verdict {
        self.failed += usize::from(verdict.failure().is_some());
        let too_many = |most: std::num::NonZeroUsize| self.failed >= most.get();
        let too_many = self.settings.stop_after_failures.is_some_and(too_many);
        let failure = verdict.failure();
        if self.trouble.ends_with(failure) || too_many && failure.is_some() {
            if self.stopped.is_none() {
                self.stopped = failure.cloned();
            }
            let never_sent = |f: &Failure| f.is_cancelled() && f.outcome() == Outcome::NotSent;
            let not_tried = match &verdict {
                Verdict::Failed(failure) => never_sent(failure),
                Verdict::NotRead(failure) => failure.kind() == FailureKind::Cancelled,
                _ => false,
            };
            if not_tried {
                return Verdict::NotTried;
            }
        }
        verdict
    }

    /// What becomes of an order that a stopped run leaves behind.
    fn untried(&self, at: usize) -> Verdict {
        match self.record.known(at).step {
            Step::Ended(verdict) => verdict,
            Step::Open | Step::Begun => Verdict::NotTried,
        }
    }

    fn is_at_limit(&self) -> bool {
        self.settings.limit.is_some_and(|limit| self.begun >= limit)
    }

    fn end(&mut self, at: usize, verdict: Verdict, progress: &mut impl FnMut(Event<'_>)) {
        let result = OrderResult::new(self.orders[at].order(), verdict);
        progress(Event::Ended(&result));
        self.verdicts[at] = Some(result.into_verdict());
    }

    pub(crate) fn finish(self) -> Report {
        let ended = self.orders.iter().zip(self.verdicts);
        let result = |(order, verdict): (&PlannedOrder, Option<Verdict>)| {
            OrderResult::new(order.order(), verdict.unwrap_or(Verdict::NotTried))
        };
        Report::new(ended.map(result).collect(), self.stopped)
    }
}

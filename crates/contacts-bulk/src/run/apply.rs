//! The requests of a plan. One thread hands out the work and keeps the record; those that it hands
//! it out to only send.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use contacts_core::Outcome;

use crate::dispatch::Dispatch;
use crate::failure::Failure;
use crate::orders::Orders;
use crate::plan::PlannedOrder;
use crate::report::{OrderResult, ReadBack, Report, Verdict};
use crate::send;
use crate::settings::RunSettings;

/// What a run tells while it lasts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An order came to its end.
    Ended(&'a OrderResult),
    /// Nothing ended for some hundredths of a second: a moment to look at the clock.
    Waiting,
}

/// What an order is waiting for.
#[derive(Clone, Copy)]
pub(crate) enum Job {
    /// The request. With `check` only where the order is still as the plan saw it or, where an
    /// earlier request `may_have_passed`, as it is wanted.
    Change { check: bool, may_have_passed: bool },
    /// The comparison with what was sent.
    ReadBack,
}

/// What a job came to.
pub(crate) enum Done {
    Sent(Verdict),
    ReadBack(ReadBack),
}

/// Where the steps of a run are written down; a step is not taken before its line is safe.
pub(crate) trait Record {
    /// What earlier runs found out about an order.
    fn known(&self, at: usize) -> Known;
    /// Whether orders have to be read again before they are changed.
    fn is_old(&self) -> bool;
    fn begin(&mut self, at: usize) -> Result<(), Failure>;
    fn end(&mut self, at: usize, verdict: &Verdict) -> Result<(), Failure>;
    fn read_back(&mut self, at: usize, read_back: &ReadBack) -> Result<(), Failure>;
}

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
    Ended(Verdict),
}

impl Known {
    pub(crate) fn begin(&mut self) {
        self.may_be_changed_before = self.may_be_changed();
        self.step = Step::Begun;
    }

    pub(crate) fn end(&mut self, verdict: Verdict) {
        self.step = Step::Ended(verdict);
    }

    /// Whether the order was changed, or may have been.
    pub(crate) fn may_be_changed(&self) -> bool {
        self.may_be_changed_before
            || match &self.step {
                Step::Begun | Step::Ended(Verdict::Changed(_)) => true,
                Step::Ended(Verdict::Failed(failure)) => failure.outcome() == Outcome::Unknown,
                Step::Open | Step::Ended(_) => false,
            }
    }
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
    fn end(&mut self, _: usize, _: &Verdict) -> Result<(), Failure> {
        Ok(())
    }
    fn read_back(&mut self, _: usize, _: &ReadBack) -> Result<(), Failure> {
        Ok(())
    }
}

/// A thread that sends, and the job that it has.
struct Seat<'scope> {
    jobs: Sender<(usize, Job)>,
    busy: Option<usize>,
    thread: ScopedJoinHandle<'scope, ()>,
}

/// With the slice in which the client looks whether it was cancelled, Ctrl-C takes a tenth of a second.
const TICK: Duration = Duration::from_millis(40);

pub(crate) fn run(
    orders: &[PlannedOrder],
    settings: &RunSettings,
    api: &(impl Orders + Sync),
    record: &mut impl Record,
    mut progress: impl FnMut(Event<'_>),
) -> Report {
    let mut dispatch = Dispatch::new(orders, settings, record);
    let at_once = settings.concurrency.get().min(orders.len()).max(1);
    thread::scope(|scope| {
        let (results, done) = mpsc::channel();
        let seats = (0..at_once).map(|seat| {
            let (jobs, work) = mpsc::channel();
            let results = results.clone();
            let thread = scope.spawn(move || labour(seat, orders, api, &work, &results));
            Seat {
                jobs,
                busy: None,
                thread,
            }
        });
        let mut seats: Vec<_> = seats.collect();
        drop(results);
        for seat in &mut seats {
            give(seat, dispatch.next(&mut progress));
        }
        while seats.iter().any(|seat| seat.busy.is_some()) {
            match done.recv_timeout(TICK) {
                Ok((seat, result)) => {
                    let seat = &mut seats[seat];
                    let Some(at) = seat.busy.take() else { continue };
                    let more = dispatch.done(at, result, &mut progress);
                    let more = more.map(|job| (at, job));
                    give(seat, more.or_else(|| dispatch.next(&mut progress)));
                }
                // Who panicked can't answer; the scope hands the panic on.
                Err(RecvTimeoutError::Timeout) if seats.iter().any(died) => break,
                Err(RecvTimeoutError::Timeout) => progress(Event::Waiting),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    });
    dispatch.finish()
}

fn give(seat: &mut Seat<'_>, job: Option<(usize, Job)>) {
    seat.busy = job.map(|(at, _)| at);
    if let Some(job) = job {
        // A thread that is gone is noticed where its answer is waited for.
        let _ = seat.jobs.send(job);
    }
}

fn died(seat: &Seat<'_>) -> bool {
    seat.busy.is_some() && seat.thread.is_finished()
}

fn labour(
    seat: usize,
    orders: &[PlannedOrder],
    api: &impl Orders,
    work: &Receiver<(usize, Job)>,
    results: &Sender<(usize, Done)>,
) {
    for (at, job) in work {
        let order = &orders[at];
        let done = match job {
            Job::Change {
                check,
                may_have_passed,
            } => Done::Sent(send::change(order, api, check, may_have_passed)),
            Job::ReadBack => Done::ReadBack(send::read_back(order, api)),
        };
        if results.send((seat, done)).is_err() {
            return;
        }
    }
}

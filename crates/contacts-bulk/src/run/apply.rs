//! The requests of a plan. One thread hands out the work and keeps the record; those that it hands
//! it out to only send.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use crate::known::Job;
use crate::orders::OrderApi;
use crate::plan::{Plan, PlannedOrder};
use crate::report::{Report, ReportedOrder};
use crate::run::dispatch::Dispatch;
use crate::run::record::{Done, Record, RunEvent, Unrecorded};
use crate::run::send;
use crate::run::settings::RunSettings;

impl Plan {
    /// Sends one request for each order that needs it, one after another in the order of the plan.
    ///
    /// With `verify`, each changed order is read again and compared with what was sent.
    /// `progress` is called with each order. The run stops where the rest can't be expected to
    /// fare better, as [`Plan::new`] does; the report then tells why, and which orders were not
    /// tried. It keeps no journal; a [`Run`](crate::Run) does.
    pub fn apply(
        &self,
        api: &impl OrderApi,
        verify: bool,
        mut progress: impl FnMut(&ReportedOrder),
    ) -> Report {
        let settings = RunSettings::default().verify(verify);
        run(self.orders(), &settings, api, &mut Unrecorded, |event| {
            if let RunEvent::Ended(result) = event {
                progress(result);
            }
        })
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
    api: &impl OrderApi,
    record: &mut impl Record,
    mut progress: impl FnMut(RunEvent<'_>),
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
                Err(RecvTimeoutError::Timeout) => progress(RunEvent::Waiting),
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
    api: &impl OrderApi,
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
            Job::Verify => Done::Verification(send::verify(order, api)),
        };
        if results.send((seat, done)).is_err() {
            return;
        }
    }
}

//! Worker threads that send the requests. The calling thread hands out the tasks and records the
//! results.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::journal::JournalStorage;
use crate::order_api::OrderApi;
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Report};
use crate::run::RunEvent;
use crate::run::dispatch::Dispatch;
use crate::run::progress::Task;
use crate::run::recorder::Recorder;
use crate::run::request;
use crate::run::settings::RunSettings;

/// Together with the client's own interval, Ctrl-C takes effect within a tenth of a second.
const TICK: Duration = Duration::from_millis(40);

/// Runs all tasks.
pub(crate) fn run<S: JournalStorage, C: Fn() -> SystemTime>(
    recorder: Recorder<'_, S, C>,
    settings: &RunSettings,
    api: &impl OrderApi,
    mut progress: impl FnMut(RunEvent<'_>),
) -> Report {
    let orders = recorder.orders;
    let mut dispatch = Dispatch::new(recorder, settings);
    let count = settings.concurrency.get().min(orders.len());
    let (tasks, queue) = mpsc::channel();
    let queue = Mutex::new(queue);
    let worker = |results: &Sender<_>| work(orders, api, &queue, results);
    thread::scope(|scope| {
        // Dropped at the end of the scope, which ends the workers.
        let tasks = tasks;
        let (results, finished) = mpsc::channel();
        let workers = (0..count).map(|_| {
            let results = results.clone();
            scope.spawn(move || worker(&results))
        });
        let workers: Vec<_> = workers.collect();
        let mut active = 0;
        let hand_out = |task: Option<_>| {
            let task = task.is_some_and(|task| tasks.send(task).is_ok());
            usize::from(task)
        };
        for _ in 0..count {
            active += hand_out(dispatch.next(&mut progress));
        }
        // A resumed run may have nothing left but its sample.
        if active == 0 && dispatch.verify_sample() {
            active += hand_out(dispatch.next(&mut progress));
        }
        while active > 0 {
            match finished.recv_timeout(TICK) {
                Ok((index, task, result)) => {
                    let task = dispatch.finished(index, task, result, &mut progress);
                    let task = task.map(|task| (index, task));
                    active -= 1;
                    active += hand_out(task.or_else(|| dispatch.next(&mut progress)));
                    if active == 0 && dispatch.verify_sample() {
                        for _ in 0..count {
                            active += hand_out(dispatch.next(&mut progress));
                        }
                    }
                }
                // A worker panicked, and the scope passes the panic on.
                Err(_) if workers.iter().any(thread::ScopedJoinHandle::is_finished) => break,
                Err(RecvTimeoutError::Timeout) => progress(RunEvent::Waiting),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    });
    dispatch.into_report()
}

fn work(
    orders: &[PlannedOrder],
    api: &impl OrderApi,
    queue: &Mutex<Receiver<(usize, Task)>>,
    results: &Sender<(usize, Task, Option<OrderResult>)>,
) {
    // The lock is released before the request.
    let next = || queue.lock().ok()?.recv().ok();
    while let Some((index, task)) = next() {
        let order = &orders[index];
        let result = match task {
            Task::Compare { may_be_applied } => request::compare(order, api, may_be_applied),
            Task::Update => Some(request::update(order, api)),
            Task::Verify => Some(OrderResult::Changed(request::verify(order, api))),
        };
        if results.send((index, task, result)).is_err() {
            return;
        }
    }
}

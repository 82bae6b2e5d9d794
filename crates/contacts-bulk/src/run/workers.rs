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

/// Runs all tasks. With `check`, each order is compared with the plan before its update.
pub(crate) fn run<S: JournalStorage, C: Fn() -> SystemTime>(
    recorder: Recorder<'_, S, C>,
    settings: &RunSettings,
    check: bool,
    api: &impl OrderApi,
    mut progress: impl FnMut(RunEvent<'_>),
) -> Report {
    let orders = recorder.orders;
    let mut dispatch = Dispatch::new(recorder, settings);
    let count = settings.concurrency.get().min(orders.len());
    let (tasks, queue) = mpsc::channel();
    let queue = Mutex::new(queue);
    let worker = |results: &Sender<_>| work(orders, check, api, &queue, results);
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
        while active > 0 {
            match finished.recv_timeout(TICK) {
                Ok((index, result)) => {
                    let task = dispatch.finished(index, result, &mut progress);
                    let task = task.map(|task| (index, task));
                    active -= 1;
                    active += hand_out(task.or_else(|| dispatch.next(&mut progress)));
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
    check: bool,
    api: &impl OrderApi,
    queue: &Mutex<Receiver<(usize, Task)>>,
    results: &Sender<(usize, OrderResult)>,
) {
    // The lock is released before the request.
    let next = || queue.lock().ok()?.recv().ok();
    while let Some((index, task)) = next() {
        let order = &orders[index];
        let result = match task {
            Task::Update { may_be_applied } => request::update(order, api, check, may_be_applied),
            Task::Verify => OrderResult::Changed(request::verify(order, api)),
        };
        if results.send((index, result)).is_err() {
            return;
        }
    }
}

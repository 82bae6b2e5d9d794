//! Worker threads that send the requests. The calling thread hands out the tasks and records the
//! results.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, SystemTime};

use crate::journal::JournalStorage;
use crate::order_api::OrderApi;
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Report};
use crate::run::dispatch::Dispatch;
use crate::run::progress::Task;
use crate::run::recorder::Recorder;
use crate::run::settings::RunSettings;
use crate::run::verification::NextStep;
use crate::run::{RunEvent, proof, request};

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
        loop {
            while active < count {
                match hand_out(dispatch.next(&mut progress)) {
                    0 => break,
                    handed_out => active += handed_out,
                }
            }
            if active == 0 {
                match dispatch.next_step() {
                    NextStep::Done => break,
                    NextStep::Read => {}
                    NextStep::AskReports(indices) => {
                        let asked = dispatch.now();
                        let (proofs, proof) = mpsc::channel();
                        scope.spawn(move || {
                            let _ = proofs.send(proof::ask(orders, indices, api, asked));
                        });
                        let proof = receive(&proof, || progress(RunEvent::Waiting));
                        // Without one, the call panicked.
                        let Some(proof) = proof else { break };
                        dispatch.add_proof(proof, &mut progress);
                    }
                }
                continue;
            }
            match finished.recv_timeout(TICK) {
                Ok((index, task, result)) => {
                    let task = dispatch.finished(index, task, result, &mut progress);
                    active -= 1;
                    active += hand_out(task.map(|task| (index, task)));
                }
                // A worker panicked, and the scope passes the panic on.
                Err(_) if workers.iter().any(ScopedJoinHandle::is_finished) => break,
                Err(RecvTimeoutError::Timeout) => progress(RunEvent::Waiting),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    });
    dispatch.into_report()
}

/// Waits for an answer; `None` if its thread panicked.
fn receive<T>(answer: &Receiver<T>, mut wait: impl FnMut()) -> Option<T> {
    loop {
        match answer.recv_timeout(TICK) {
            Ok(answer) => return Some(answer),
            Err(RecvTimeoutError::Timeout) => wait(),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
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
            Task::Update { refreshed } => {
                let send = || request::update(order, api, refreshed);
                Some(api.send_planned(order, &send))
            }
            Task::Verify => Some(OrderResult::Changed(request::verify(order, api))),
        };
        if results.send((index, task, result)).is_err() {
            return;
        }
    }
}

//! Decides which order is next, records each result, and stops the run.

use std::time::SystemTime;

use contacts_core::Outcome;

use crate::event_log;
use crate::failure::Failure;
use crate::journal::JournalStorage;
use crate::report::{OrderResult, Report, ReportedOrder, Verification};
use crate::run::RunEvent;
use crate::run::progress::Task;
use crate::run::recorder::Recorder;
use crate::run::settings::{RunSettings, Verify};
use crate::run::stop_policy::StopPolicy;
use crate::run::verification::Phase;

pub(crate) struct Dispatch<'a, S, C> {
    pub(super) recorder: Recorder<'a, S, C>,
    pub(super) settings: &'a RunSettings,
    stop_policy: StopPolicy,
    next: usize,
    started: usize,
    pub(super) stopped: Option<Failure>,
    pub(super) results: Vec<OrderResult>,
    pub(super) phase: Phase,
    /// The orders that are read after all updates, the first last.
    pub(super) to_verify: Vec<usize>,
    pub(super) sampled: usize,
}

impl<'a, S: JournalStorage, C: Fn() -> SystemTime> Dispatch<'a, S, C> {
    pub(crate) fn new(recorder: Recorder<'a, S, C>, settings: &'a RunSettings) -> Self {
        let total = recorder.orders.len();
        let verify = settings.verify == Verify::All;
        let has_task = |index: &usize| recorder.next_task(*index, verify).is_ok();
        let remaining = (0..total).filter(has_task).count();
        event_log::run_started(total, remaining);
        Self {
            recorder,
            settings,
            stop_policy: StopPolicy::new(remaining, settings.concurrency.get())
                .max_failed(settings.max_failed),
            next: 0,
            started: 0,
            stopped: None,
            results: vec![OrderResult::Skipped; total],
            phase: Phase::default(),
            to_verify: Vec::new(),
            sampled: 0,
        }
    }

    /// Starts the next task. Orders before it that have none are finished.
    pub(crate) fn next(
        &mut self,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) -> Option<(usize, Task)> {
        let verify = self.settings.verify == Verify::All;
        while self.next < self.results.len() {
            let index = self.next;
            self.next += 1;
            match self.recorder.next_task(index, verify) {
                Ok(task) => match self.start(index, task) {
                    Some(task) => return Some((index, task)),
                    None => self.finish(index, self.recorder.result(index), progress),
                },
                // An earlier process has reported it.
                Err(result) if self.recorder.is_started(index) => self.results[index] = result,
                Err(result) => self.finish(index, result, progress),
            }
        }
        if self.stopped.is_some() {
            return None;
        }
        self.to_verify.pop().map(|index| (index, Task::Verify))
    }

    /// Starts a task, unless it must not start. An order that this process has just read is not read
    /// again.
    fn start(&mut self, index: usize, task: Task) -> Option<Task> {
        if self.stopped.is_some() {
            return None;
        }
        let Task::Compare { may_be_applied } = task else {
            return Some(task);
        };
        let limit = self.settings.limit;
        if limit.is_some_and(|limit| self.started >= limit) {
            return None;
        }
        self.started += 1;
        let order = &self.recorder.orders[index];
        if self.settings.must_refresh(order, may_be_applied) {
            return Some(task);
        }
        self.send(index, self.settings.refresh)
    }

    /// Records that an update is sent.
    fn send(&mut self, index: usize, refreshed: bool) -> Option<Task> {
        if self.stopped.is_none() {
            self.stopped = self.recorder.start(index, refreshed).err();
        }
        self.stopped.is_none().then_some(Task::Update { refreshed })
    }

    /// Records the result of a task; `None` if the order is as in the plan. Returns the next task of
    /// the same order.
    pub(crate) fn finished(
        &mut self,
        index: usize,
        task: Task,
        result: Option<OrderResult>,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) -> Option<Task> {
        let is_read = matches!(task, Task::Compare { .. });
        let order = &self.recorder.orders[index];
        if is_read && order.is_unread() && order.was_read() {
            progress(RunEvent::Read(order));
        }
        let Some(result) = result else {
            let task = self.send(index, true);
            if task.is_none() {
                self.finish(index, self.recorder.result(index), progress);
            }
            return task;
        };
        // Nothing was sent, so the limit permits another order.
        self.started -= usize::from(is_read);
        let unverified = result == OrderResult::Changed(Verification::NotRequested);
        if let Err(failure) = self.record(index, &result) {
            self.stopped.get_or_insert(failure);
        } else if self.settings.verify == Verify::All && unverified {
            return Some(Task::Verify);
        }
        let failure = result.failure();
        if self.stop_policy.must_stop(failure) && self.stopped.is_none() {
            self.stopped = failure.cloned();
        }
        let sent = !is_cancelled_before_sending(&result);
        let result = if sent { result } else { OrderResult::Skipped };
        self.finish(index, result, progress);
        None
    }

    /// Records a result, and before a verification that the update was applied.
    fn record(&mut self, index: usize, result: &OrderResult) -> Result<(), Failure> {
        if matches!(
            result,
            OrderResult::Changed(Verification::VerifiedWithoutAnswer)
        ) {
            let changed = OrderResult::Changed(Verification::NotRequested);
            self.recorder.finish(index, &changed)?;
        }
        self.recorder.finish(index, result)
    }

    pub(super) fn finish(
        &mut self,
        index: usize,
        result: OrderResult,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) {
        let order = self.recorder.orders[index].order();
        let reported = ReportedOrder { order, result };
        progress(match self.phase {
            Phase::Updates => RunEvent::Finished(&reported),
            _ => RunEvent::Verified(&reported),
        });
        self.results[index] = reported.result;
    }

    /// The time of day.
    pub(crate) fn now(&self) -> SystemTime {
        (self.recorder.clock)()
    }

    pub(crate) fn into_report(self) -> Report {
        let orders = self.recorder.orders.iter().zip(self.results);
        let orders = orders.map(|(planned, result)| {
            let order = planned.order();
            ReportedOrder { order, result }
        });
        let report = Report::new(orders.collect(), self.stopped, self.sampled);
        event_log::run_ended(&report);
        report
    }
}

fn is_cancelled_before_sending(result: &OrderResult) -> bool {
    match result {
        OrderResult::Failed(failure) => {
            failure.is_cancelled() && failure.outcome() == Outcome::NotSent
        }
        OrderResult::ReadFailed(failure) => failure.is_cancelled(),
        _ => false,
    }
}

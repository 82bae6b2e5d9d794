//! Decides which order is next, records each result, and stops the run.

use std::time::SystemTime;

use contacts_core::Outcome;

use crate::failure::Failure;
use crate::journal::JournalStorage;
use crate::report::{OrderResult, Report, ReportedOrder, Verification};
use crate::run::RunEvent;
use crate::run::progress::Task;
use crate::run::recorder::Recorder;
use crate::run::settings::RunSettings;
use crate::run::stop_policy::StopPolicy;

pub(crate) struct Dispatch<'a, S, C> {
    recorder: Recorder<'a, S, C>,
    settings: &'a RunSettings,
    stop_policy: StopPolicy,
    next: usize,
    started: usize,
    stopped: Option<Failure>,
    results: Vec<OrderResult>,
}

impl<'a, S: JournalStorage, C: Fn() -> SystemTime> Dispatch<'a, S, C> {
    pub(crate) fn new(recorder: Recorder<'a, S, C>, settings: &'a RunSettings) -> Self {
        let total = recorder.orders.len();
        let has_task = |index: &usize| recorder.next_task(*index, settings.verify).is_ok();
        let remaining = (0..total).filter(has_task).count();
        Self {
            recorder,
            settings,
            stop_policy: StopPolicy::new(remaining, settings.concurrency.get())
                .max_failed(settings.max_failed),
            next: 0,
            started: 0,
            stopped: None,
            results: vec![OrderResult::Skipped; total],
        }
    }

    /// Starts the next task. Orders before it that have none are finished.
    pub(crate) fn next(
        &mut self,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) -> Option<(usize, Task)> {
        while self.next < self.results.len() {
            let index = self.next;
            self.next += 1;
            match self.recorder.next_task(index, self.settings.verify) {
                Ok(task) if self.start(index, task) => return Some((index, task)),
                Ok(_) => self.finish(index, self.recorder.result(index), progress),
                // An earlier process has reported it.
                Err(result) if self.recorder.is_started(index) => self.results[index] = result,
                Err(result) => self.finish(index, result, progress),
            }
        }
        None
    }

    /// Records the start of a task; returns false if it must not start.
    fn start(&mut self, index: usize, task: Task) -> bool {
        if self.stopped.is_some() {
            return false;
        }
        if matches!(task, Task::Verify) {
            return true;
        }
        if self
            .settings
            .limit
            .is_some_and(|limit| self.started >= limit)
        {
            return false;
        }
        self.stopped = self.recorder.start(index).err();
        self.started += usize::from(self.stopped.is_none());
        self.stopped.is_none()
    }

    /// Records the result of a task. Returns the next task of the same order.
    pub(crate) fn finished(
        &mut self,
        index: usize,
        result: OrderResult,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) -> Option<Task> {
        let unverified = result == OrderResult::Changed(Verification::NotRequested);
        if let Err(failure) = self.recorder.finish(index, &result) {
            self.stopped.get_or_insert(failure);
        } else if self.settings.verify && unverified {
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

    fn finish(
        &mut self,
        index: usize,
        result: OrderResult,
        progress: &mut impl FnMut(RunEvent<'_>),
    ) {
        let order = self.recorder.orders[index].order();
        let reported = ReportedOrder { order, result };
        progress(RunEvent::Finished(&reported));
        self.results[index] = reported.result;
    }

    pub(crate) fn into_report(self) -> Report {
        let orders = self.recorder.orders.iter().zip(self.results);
        let orders = orders.map(|(planned, result)| {
            let order = planned.order();
            ReportedOrder { order, result }
        });
        Report::new(orders.collect(), self.stopped)
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

//! Everything a sandbox knows, and what a request makes of it. No connection and no clock: the time
//! is an argument.

use std::time::Duration;

use serde_json::{Value, json};

use crate::account::Account;
use crate::answer::Answer;
use crate::api;
use crate::fault::{Act, Fault};
use crate::fault_list::Faults;
use crate::history::{ContactChange, History, seconds};
use crate::log::{Log, RecordedRequest, masked};
use crate::message::Message;
use crate::rate::Windows;
use crate::role::KeyRole;

pub(crate) struct State {
    pub(crate) account: Account,
    pub(crate) windows: Windows,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) history: History,
}

/// An answer, and what becomes of it on the way.
#[derive(Debug)]
pub(crate) struct Handled {
    pub(crate) answer: Answer,
    pub(crate) act: Option<Act>,
}

impl From<Answer> for Handled {
    fn from(answer: Answer) -> Self {
        Self { answer, act: None }
    }
}

impl State {
    /// Answers a request to the API.
    pub(crate) fn answer(&mut self, request: &Message, now: Duration) -> Handled {
        let order = api::order_of(request.path());
        let fault = self.faults.strike(&request.method, order);
        let true_answer = match &fault {
            Some(fault) if !fault.carries_out() => None,
            _ => Some(self.true_answer(request, now)),
        };
        let instead = fault.as_ref().and_then(Fault::answer);
        let answer = instead
            .or(true_answer)
            .unwrap_or_else(|| Answer::empty(500));
        self.record(request, answer.status, fault.as_ref(), now);
        Handled {
            answer,
            act: fault.and_then(|fault| fault.act()),
        }
    }

    /// Takes a request into the log.
    pub(crate) fn record(
        &mut self,
        request: &Message,
        status: u16,
        fault: Option<&Fault>,
        now: Duration,
    ) {
        let key = request.header("x-dc-devkey");
        let known = key.is_some_and(|key| self.account.role(key).is_some());
        self.log.push(RecordedRequest {
            number: 0,
            at: now,
            method: request.method.clone(),
            target: request.target.clone(),
            status,
            key: masked(key, known),
            fault: fault.map(|fault| fault.name().to_owned()),
        });
    }

    fn true_answer(&mut self, request: &Message, now: Duration) -> Answer {
        let key = request.header("x-dc-devkey").unwrap_or_default();
        let role = self.account.role(key);
        let Some(role) = role.filter(|role| *role != KeyRole::Revoked) else {
            return Answer::invalid_key();
        };
        if !self.windows.admit(key, now) {
            return Answer::too_many_requests();
        }
        api::answer(&mut self.account, &mut self.history, role, request, now)
    }

    /// How the sandbox stands, in a few figures.
    pub(crate) fn summary(&self, now: Duration) -> Value {
        let mut statuses = std::collections::BTreeMap::<&str, u64>::new();
        for order in self.account.orders() {
            *statuses.entry(order.status()).or_default() += 1;
        }
        let mut keys: Vec<_> = self.account.keys.iter().collect();
        keys.sort();
        let keys = keys.into_iter().map(|(key, role)| {
            let gauge = |gauge: crate::rate::Gauge| {
                json!({ "used": gauge.used, "limit": gauge.limit, "seconds": seconds(gauge.length) })
            };
            let windows = self.windows.gauges(key, now).into_iter().map(gauge);
            json!({
                "key": masked(Some(key), true),
                "role": role.name(),
                "windows": windows.collect::<Vec<_>>(),
            })
        });
        json!({
            "now": seconds(now),
            "orders": self.account.len(),
            "statuses": statuses,
            "requests": self.log.count(),
            "changes": self.history.count(),
            "leavers": self.account.leavers,
            "keys": keys.collect::<Vec<_>>(),
        })
    }

    pub(crate) fn history_of(&self, order: u64) -> Vec<ContactChange> {
        let changes = self.history.iter();
        changes.filter(|c| c.order_id == order).cloned().collect()
    }
}

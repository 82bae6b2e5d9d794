//! The state of a sandbox, and how requests change it. It has no connection and no clock: the time
//! is an argument.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::account::Account;
use super::record::{ContactChange, RecordedRequest, redacted, seconds, truncated};
use super::ring_buffer::RingBuffer;
use super::role::KeyRole;
use crate::api::{self, error};
use crate::fault::{ActiveFaults, Fault};
use crate::http::request::Request;
use crate::http::response::Response;
use crate::rate_limits::RateWindows;

pub(crate) struct State {
    pub(crate) account: Account,
    pub(crate) windows: RateWindows,
    pub(crate) faults: ActiveFaults,
    pub(crate) requests: RingBuffer<RecordedRequest>,
    pub(crate) changes: RingBuffer<ContactChange>,
}

/// A response, and the fault that acts on its way to the client.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response: Response,
    pub(crate) fault: Option<Fault>,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self {
            response,
            fault: None,
        }
    }
}

impl State {
    /// Responds to a request to the API.
    pub(crate) fn handle(&mut self, request: &Request, now: Duration) -> Reply {
        let order = api::order_id(request.path());
        let path = api::relative_path(request.path());
        let fault = self.faults.select(&request.method, path, order);
        let reaches_api = fault.as_ref().is_none_or(|fault| fault.applied);
        let api_response = reaches_api.then(|| self.api_response(request, fault.as_ref(), now));
        let fault_response = fault.as_ref().and_then(Fault::response);
        let response = fault_response.or(api_response);
        let response = response.unwrap_or_else(|| Response::empty(500));
        self.record(request, &response, fault.as_ref(), now);
        Reply { response, fault }
    }

    pub(crate) fn record(
        &mut self,
        request: &Request,
        response: &Response,
        fault: Option<&Fault>,
        now: Duration,
    ) {
        let key = request.header("x-dc-devkey");
        let is_known = key.is_some_and(|key| self.account.keys.contains_key(key));
        let error = response.error_text();
        self.requests.push(|number| RecordedRequest {
            number,
            at: now,
            method: truncated(&request.method, RecordedRequest::MAX_METHOD).to_owned(),
            target: truncated(&request.target, RecordedRequest::MAX_TARGET).to_owned(),
            status: response.status,
            key: redacted(key, is_known),
            fault: fault.map(|fault| fault.action.to_string()),
            error: error.map(|error| truncated(&error, RecordedRequest::MAX_ERROR).to_owned()),
        });
    }

    fn api_response(
        &mut self,
        request: &Request,
        fault: Option<&Fault>,
        now: Duration,
    ) -> Response {
        let key = request.header("x-dc-devkey").unwrap_or_default();
        let role = self.account.keys.get(key).copied();
        let Some(role) = role.filter(|role| *role != KeyRole::Revoked) else {
            return error::invalid_key();
        };
        if !self.windows.admit(key, now) {
            return error::too_many_requests();
        }
        let (account, changes) = (&mut self.account, &mut self.changes);
        api::respond(account, changes, role, request, fault, now)
    }

    /// The counts of the sandbox, and the roles and rate windows of its keys.
    pub(crate) fn summary(&self, now: Duration) -> Value {
        let mut statuses = BTreeMap::<&str, u64>::new();
        for order in self.account.orders() {
            *statuses.entry(order.status()).or_default() += 1;
        }
        let keys = self.account.keys.iter().map(|(key, role)| {
            json!({
                "key": redacted(Some(key), true),
                "role": role,
                "windows": self.windows.usage(key, now),
            })
        });
        json!({
            "now": seconds::rounded(now),
            "orders": self.account.len(),
            "statuses": statuses,
            "requests": self.requests.count(),
            "changes": self.changes.count(),
            "leavers": self.account.leavers,
            "keys": keys.collect::<Vec<_>>(),
        })
    }

    pub(crate) fn changes_of(
        &self,
        order_id: u64,
    ) -> impl DoubleEndedIterator<Item = &ContactChange> {
        let changes = self.changes.iter();
        changes.filter(move |change| change.order_id == order_id)
    }
}

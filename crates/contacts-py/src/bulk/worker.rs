//! The worker of a run in another process: `Client.send_planned`.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use contacts_bulk::{
    AccountIdentity, Failure, FailureKind, OrderApi, OrderResult, PlanFile, Verification, worker,
};
use contacts_core::{ContactsUpdate, Order, OrderId};
use contacts_http::{Client, Error};
use pyo3::prelude::*;

use crate::error;

/// A client that keeps its last error, which knows more than a failure.
struct ErrorKeeper<'a> {
    client: &'a Client,
    error: Mutex<Option<Error>>,
}

impl ErrorKeeper<'_> {
    fn keep(&self, error: Error) -> Failure {
        let failure = Failure::from(&error);
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        failure
    }
}

impl OrderApi for ErrorKeeper<'_> {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.client.order(order).map_err(|error| self.keep(error))
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        let updated = self.client.update_contacts(order, update);
        updated.map(drop).map_err(|error| self.keep(error))
    }

    fn update_unless(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
        must_read: &dyn Fn() -> bool,
        is_changed: &dyn Fn(&Order) -> bool,
    ) -> Result<Verification, Failure> {
        let updated = self
            .client
            .update_contacts_unless(order, update, must_read, is_changed);
        updated
            .map(Verification::from)
            .map_err(|error| self.keep(error))
    }
}

/// The order that the function `send` got.
pub(crate) fn planned_order(
    py: Python<'_>,
    json: &str,
    account: &AccountIdentity,
) -> PyResult<PlanFile> {
    let plan = worker::order_from_json(json.as_bytes());
    let plan = plan.map_err(|e| error::invalid_file(py, "order", &e))?;
    let checked = plan.check(account);
    checked.map_err(|mismatch| error::account_mismatch(py, "order", &mismatch))?;
    Ok(plan)
}

/// Updates the order. Returns the result as JSON, or an error if a later call may succeed.
pub(crate) fn send_planned(client: &Client, plan: &PlanFile) -> Result<String, Error> {
    let client = ErrorKeeper {
        client,
        error: Mutex::new(None),
    };
    let order = &plan.plan().orders()[0];
    let result = worker::send(order, &client);
    if let OrderResult::Failed(failure) = &result
        && matches!(
            failure.kind(),
            FailureKind::RateLimited | FailureKind::Unavailable | FailureKind::Cancelled
        )
        && let Some(error) = client
            .error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    {
        return Err(error);
    }
    let json = worker::result_to_json(order.order(), &result, SystemTime::now());
    Ok(String::from_utf8_lossy(&json).into_owned())
}

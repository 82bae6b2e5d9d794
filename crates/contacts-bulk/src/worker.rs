//! Updates that other processes send, such as the workers of a queue.
//!
//! The process of the run keeps the journal. Its [`OrderApi`] implements
//! [`send_planned`](OrderApi::send_planned): it passes each order to a worker as
//! [`order_to_json`], and returns what [`result_from_json`] reads from the worker's answer. The worker reads
//! the order, compares it with the plan, and sends the update: [`send`].
//!
//! A queue may deliver an order twice. That is safe, since each delivery reads the order first. So a worker
//! that finds the update in the order reports it as [changed](OrderResult::Changed).

use std::fmt;
use std::time::SystemTime;

use contacts_core::{OrderId, Outcome};

use crate::failure::Failure;
use crate::file::{FileError, FileErrorKind, FileFormat, data_error};
use crate::journal::entry::{self, Entry};
use crate::order_api::OrderApi;
use crate::plan::Plan;
use crate::plan::file::PlanFile;
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Verification, VerificationKind};
use crate::run::request;

/// A worker's answer is not the result of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidResult {
    order: OrderId,
    what: String,
}

/// An order that the run is about to update, for a worker: a [plan](PlanFile) of this order alone.
///
/// ```
/// use std::time::SystemTime;
/// use contacts_bulk::{Plan, worker};
/// use contacts_core::{Contact, ContactsUpdate, Order, OrderId};
///
/// let order = Order::from_json(br#"{"technical_contact": {"email": "robin@example.com"}}"#)?;
/// let jane = Contact::draft("Jane", "Doe", "jane@example.com").build().unwrap();
/// let plan = Plan::of_order(OrderId::parse("7").unwrap(), ContactsUpdate::technical(jane), order);
///
/// let url = "https://www.digicert.com/services/v2";
/// let json = worker::order_to_json(&plan.orders()[0], url, SystemTime::now());
/// let received = worker::order_from_json(&json)?;
/// assert_eq!(received.plan().summary().changes, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn order_to_json(order: &PlannedOrder, base_url: &str, now: SystemTime) -> Vec<u8> {
    let orders = vec![order.to_read()];
    let mut json = Vec::new();
    // Writing to memory cannot fail.
    let _ = PlanFile::new(Plan { orders }, base_url, now).write(&mut json);
    json
}

/// Reads what [`order_to_json`] wrote. [Check](PlanFile::check) that the worker has the same account.
///
/// # Errors
/// Returns an error if the JSON is not a plan of one order, or was edited.
pub fn order_from_json(json: &[u8]) -> Result<PlanFile, FileError> {
    let plan = PlanFile::read(json)?;
    let orders = plan.plan().orders().len();
    if orders != 1 {
        let what = format!("it has {orders} orders, but a worker gets one");
        return Err(FileFormat::Plan.error(FileErrorKind::Damaged(what)));
    }
    Ok(plan)
}

/// Reads an order, compares it with the plan, and sends its update; see [`order_to_json`]. If it failed
/// because the rate limit is reached or the service is unavailable, deliver the order again later. If it
/// could not be read, the outcome is [`Unknown`](Outcome::Unknown).
///
/// ```
/// use contacts_bulk::{OrderResult, Plan, Verification, worker};
/// use contacts_core::{Contact, ContactsUpdate, OrderId};
/// # use contacts_bulk::{Failure, OrderApi};
/// # use contacts_core::Order;
/// # struct Client;
/// # impl OrderApi for Client {
/// #     fn read(&self, _: OrderId) -> Result<Order, Failure> { Ok(Order::default()) }
/// #     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> { Ok(()) }
/// # }
///
/// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
/// let order = OrderId::parse("7")?;
/// let plan = Plan::of_order(order, ContactsUpdate::technical(jane), Client.read(order)?);
/// let result = worker::send(&plan.orders()[0], &Client);
/// assert_eq!(result, OrderResult::Changed(Verification::NotRequested));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn send(order: &PlannedOrder, api: &impl OrderApi) -> OrderResult {
    match request::compare(order, api, true) {
        // An earlier delivery may have sent it.
        Some(OrderResult::ReadFailed(failure)) => {
            let unknown = Failure::new(failure.kind(), Outcome::Unknown, failure.to_string());
            OrderResult::Failed(unknown.with_codes(failure.codes()))
        }
        Some(result) => result,
        None => request::update(order, api, true),
    }
}

/// The result of an order, for the process of the run: an entry of its journal.
///
/// ```
/// use std::time::SystemTime;
/// use contacts_bulk::{OrderResult, Verification, worker};
/// use contacts_core::OrderId;
///
/// let order = OrderId::parse("7").unwrap();
/// let changed = OrderResult::Changed(Verification::NotRequested);
/// let json = worker::result_to_json(order, &changed, SystemTime::now());
/// assert_eq!(worker::result_from_json(order, &json), Ok(changed));
/// ```
#[must_use]
pub fn result_to_json(order: OrderId, result: &OrderResult, now: SystemTime) -> Vec<u8> {
    let entry = Entry::of_result(order, crate::journal::time(now).into(), result);
    serde_json::to_vec(&entry).unwrap_or_default()
}

/// Reads what [`result_to_json`] wrote.
///
/// # Errors
/// Returns an error if the JSON is not the result of an update of this order.
pub fn result_from_json(order: OrderId, json: &[u8]) -> Result<OrderResult, InvalidResult> {
    let invalid = |what: String| InvalidResult { order, what };
    let entry = serde_json::from_slice(json).map_err(|error| invalid(data_error(&error)))?;
    let (id, result) = match entry {
        Entry::Finished {
            order_id,
            result,
            failure,
            blocked,
            conflicts,
            ..
        } => (order_id, entry::result(result, failure, blocked, conflicts)),
        Entry::Verified {
            order_id,
            result: VerificationKind::VerifiedWithoutAnswer,
            ..
        } => {
            let result = OrderResult::Changed(Verification::VerifiedWithoutAnswer);
            (order_id, Some(result))
        }
        _ => return Err(invalid("another entry".to_owned())),
    };
    if id != order {
        return Err(invalid(format!("the result of order {id}")));
    }
    match result {
        Some(OrderResult::Unchanged | OrderResult::ReadFailed(_) | OrderResult::Skipped) | None => {
            Err(invalid("not a result of a worker".to_owned()))
        }
        Some(result) => Ok(result),
    }
}

impl fmt::Display for InvalidResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { order, what } = self;
        write!(
            f,
            "order {order}: the worker's answer is not the result of its update: {what}; use the same \
             version of digicert-contacts for the run and its workers"
        )
    }
}

impl std::error::Error for InvalidResult {}

//! The changes that a run would make.

pub(crate) mod file;
pub(crate) mod line;
pub(crate) mod order;
pub(crate) mod previous;

use std::fmt;

use contacts_core::{ContactsUpdate, Order, OrderId};
use serde::Serialize;

use crate::event_log;
use crate::failure::Failure;
use crate::input::{Input, OrderUpdate, Snapshot};
use crate::order_api::OrderApi;
use crate::plan::order::{PlannedOrder, ReadTime, State};
use crate::run::stop_policy::StopPolicy;

/// The change of each order. Making a plan changes nothing.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) orders: Vec<PlannedOrder>,
}

/// Planning stopped before every order was read. Nothing was changed.
#[derive(Clone, Debug)]
pub struct PlanStopped {
    failure: Failure,
    read: usize,
    orders: usize,
}

/// The number of orders in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlanSummary {
    /// All orders.
    pub orders: usize,
    /// An update is needed.
    pub changes: usize,
    /// No update is needed.
    pub unchanged: usize,
    /// DigiCert would reject the update.
    pub blocked: usize,
    /// The order could not be read.
    pub read_failed: usize,
    /// The order has not been read yet; the run reads it.
    pub unread: usize,
}

impl Plan {
    /// Reads every order once, one after another, and compares it with its update. Calls `progress`
    /// with each order.
    ///
    /// # Errors
    /// Returns [`PlanStopped`] if the API key is rejected, the rate limit is exhausted, the caller
    /// cancels, or the service is unavailable for 3 orders in a row or for all of them.
    pub fn fetch(
        input: Input,
        api: &impl OrderApi,
        progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        Self::fetch_orders(input.into_orders(), api, progress)
    }

    pub(crate) fn fetch_orders(
        updates: Vec<OrderUpdate>,
        api: &impl OrderApi,
        progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        event_log::plan_started(updates.len());
        let result = Self::read_orders(updates, api, progress);
        event_log::plan_ended(&result);
        result
    }

    fn read_orders(
        updates: Vec<OrderUpdate>,
        api: &impl OrderApi,
        mut progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        let total = updates.len();
        let mut stop_policy = StopPolicy::new(total, 1);
        let mut read = 0;
        let mut orders = Vec::with_capacity(total);
        for update in updates {
            let order = PlannedOrder::fetch(update, api);
            let failure = match order.state() {
                State::ReadFailed(failure) => Some(failure),
                _ => None,
            };
            read += usize::from(failure.is_none());
            let stop = stop_policy.must_stop(failure);
            if let Some(failure) = failure.filter(|_| stop) {
                return Err(PlanStopped {
                    failure: failure.clone(),
                    read,
                    orders: total,
                });
            }
            progress(&order);
            orders.push(order);
        }
        Ok(Self { orders })
    }

    /// Makes a plan without reading the orders: the run reads each of them immediately before its
    /// update, and decides then. Needs no request.
    ///
    /// ```
    /// use contacts_bulk::{Input, Plan};
    ///
    /// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,A,B,a@example.com\n";
    /// let plan = Plan::unread(Input::from_csv(file)?);
    /// assert_eq!(plan.summary().unread, 1);
    /// # Ok::<(), contacts_bulk::Problems>(())
    /// ```
    #[must_use]
    pub fn unread(input: Input) -> Self {
        let orders = input.into_orders().into_iter();
        Self {
            orders: orders.map(PlannedOrder::unread).collect(),
        }
    }

    /// Makes a plan of one order that was read immediately before. Needs no request.
    ///
    /// ```
    /// use contacts_bulk::Plan;
    /// use contacts_core::{Contact, ContactsUpdate, Order, OrderId};
    ///
    /// let order = Order::from_json(br#"{"technical_contact": {"email": "robin@example.com"}}"#)?;
    /// let jane = Contact::draft("Jane", "Doe", "jane@example.com").build().unwrap();
    /// let plan = Plan::of_order(OrderId::parse("7").unwrap(), ContactsUpdate::technical(jane), order);
    /// assert_eq!(plan.summary().changes, 1);
    /// # Ok::<(), contacts_core::ReadError>(())
    /// ```
    #[must_use]
    pub fn of_order(id: OrderId, update: ContactsUpdate, order: Order) -> Self {
        let update = OrderUpdate::new(id, update, Vec::new());
        Self {
            orders: vec![PlannedOrder::read(update, order, ReadTime::now())],
        }
    }

    /// Makes a plan from an earlier export. Needs no request: the run reads each order immediately
    /// before its update, and refuses to change one that differs from the plan. An order of which the
    /// snapshot does not know a contact stays unread, as in [`unread`](Self::unread).
    ///
    /// The [`Snapshot`] shows an example.
    #[must_use]
    pub fn from_snapshot(input: Input, snapshot: &Snapshot) -> Self {
        let planned = |update: OrderUpdate| {
            let types = update
                .update
                .contacts()
                .map(|(contact_type, _)| contact_type);
            match snapshot.order(update.order, types) {
                Some(order) => PlannedOrder::read(update, order.clone(), None),
                None => PlannedOrder::unread(update),
            }
        };
        Self {
            orders: input.into_orders().into_iter().map(planned).collect(),
        }
    }

    /// The orders, in the order of the input.
    #[must_use]
    pub fn orders(&self) -> &[PlannedOrder] {
        &self.orders
    }

    /// The number of orders in each state.
    #[must_use]
    pub fn summary(&self) -> PlanSummary {
        let mut summary = PlanSummary::default();
        for order in &self.orders {
            summary.orders += 1;
            if !order.was_read() {
                summary.unread += 1;
                continue;
            }
            match order.final_state() {
                Some(State::Unchanged) => summary.unchanged += 1,
                Some(State::Blocked(_)) => summary.blocked += 1,
                Some(State::ReadFailed(_)) => summary.read_failed += 1,
                Some(State::Changes(_) | State::Unread) | None => summary.changes += 1,
            }
        }
        summary
    }
}

impl PlanStopped {
    /// The cause.
    #[must_use]
    pub const fn failure(&self) -> &Failure {
        &self.failure
    }
}

impl fmt::Display for PlanStopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (read, orders) = (self.read, self.orders);
        write!(
            f,
            "stopped after {read} of {orders} orders were read, nothing was changed"
        )?;
        if self.failure.is_cancelled() {
            return Ok(());
        }
        write!(f, ": {}", self.failure)
    }
}

impl std::error::Error for PlanStopped {}

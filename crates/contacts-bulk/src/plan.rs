//! What would change.

mod before;
pub(crate) mod file;
pub(crate) mod file_error;
pub(crate) mod line;

use std::fmt;
use std::sync::OnceLock;

use contacts_core::{Blocked, Change, ContactType, ContactsUpdate, Order, OrderContact, OrderId};
use serde::Serialize;

use crate::failure::Failure;
use crate::input::Input;
use crate::input::OrderUpdate;
use crate::orders::OrderApi;
use crate::plan::before::Before;
use crate::report::OrderResult;
use crate::trouble::Trouble;

/// What would change on each order. Making one sends no change.
#[derive(Clone, Debug)]
pub struct Plan {
    orders: Vec<PlannedOrder>,
}

/// One order of a [`Plan`].
#[derive(Clone, Debug)]
pub struct PlannedOrder {
    wanted: OrderUpdate,
    common_name: Option<String>,
    status: Option<String>,
    before: Before,
    /// Empty where a request is needed and nobody asked yet what it changes.
    state: OnceLock<State>,
}

/// What a plan found out about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A request is needed.
    Changes(Change),
    /// Every value is as wanted: no request is needed.
    Unchanged,
    /// The request would be refused, so it won't be sent; none of the order's contacts changes.
    Blocked(Blocked),
    /// The order could not be read, so nothing will be sent for it.
    ReadFailed(Failure),
}

/// Why planning ended before every order was read. Nothing was changed.
#[derive(Clone, Debug)]
pub struct PlanStopped {
    failure: Failure,
    read: usize,
    orders: usize,
}

/// How many orders are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlanSummary {
    /// All of them.
    pub orders: usize,
    /// A request is needed.
    pub changes: usize,
    /// No request is needed.
    pub unchanged: usize,
    /// The request would be refused.
    pub blocked: usize,
    /// The order could not be read.
    pub read_failed: usize,
}

impl Plan {
    /// Reads every order once, one after another, and compares it with what is wanted. `progress`
    /// is called with each.
    ///
    /// # Errors
    /// [`PlanStopped`] where the other orders can't be expected to fare better: the key was refused,
    /// the rate limit is used up, the caller asked to stop, or 3 orders in a row, or all of them,
    /// met server trouble.
    pub fn new(
        input: Input,
        api: &impl OrderApi,
        progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        Self::read(input.into_orders(), api, progress)
    }

    pub(crate) fn read(
        wanted: Vec<OrderUpdate>,
        api: &impl OrderApi,
        mut progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        let count = wanted.len();
        let mut trouble = Trouble::new(count, 1);
        let mut read = 0;
        let mut orders = Vec::with_capacity(count);
        for wanted in wanted {
            let order = PlannedOrder::read(wanted, api);
            if let State::ReadFailed(failure) = order.state() {
                if trouble.ends_with(Some(failure)) {
                    return Err(PlanStopped {
                        failure: failure.clone(),
                        read,
                        orders: count,
                    });
                }
            } else {
                trouble.ends_with(None);
                read += 1;
            }
            progress(&order);
            orders.push(order);
        }
        Ok(Self { orders })
    }

    pub(crate) fn into_orders(self) -> Vec<PlannedOrder> {
        self.orders
    }

    pub(crate) const fn of(orders: Vec<PlannedOrder>) -> Self {
        Self { orders }
    }

    /// The orders, as the input has them.
    #[must_use]
    pub fn orders(&self) -> &[PlannedOrder] {
        &self.orders
    }

    /// How many orders are in which state.
    #[must_use]
    pub fn summary(&self) -> PlanSummary {
        let mut summary = PlanSummary::default();
        for order in &self.orders {
            summary.orders += 1;
            match order.settled() {
                Some(State::Unchanged) => summary.unchanged += 1,
                Some(State::Blocked(_)) => summary.blocked += 1,
                Some(State::ReadFailed(_)) => summary.read_failed += 1,
                Some(State::Changes(_)) | None => summary.changes += 1,
            }
        }
        summary
    }
}

impl PlannedOrder {
    /// Without a state a request is needed.
    pub(crate) fn new(
        wanted: OrderUpdate,
        common_name: Option<String>,
        status: Option<String>,
        before: Before,
        state: Option<State>,
    ) -> Self {
        Self {
            wanted,
            common_name,
            status,
            before,
            state: state.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    fn read(wanted: OrderUpdate, api: &impl OrderApi) -> Self {
        let (order, state) = match api.read(wanted.order()) {
            Ok(order) => {
                let state = State::of(Change::between(&order, wanted.update()));
                (order, state)
            }
            Err(failure) => (Order::default(), State::ReadFailed(failure)),
        };
        Self {
            wanted,
            common_name: order.common_name,
            status: order.status,
            before: Before::new(order.organization_contact, order.technical_contact),
            state: OnceLock::from(state),
        }
    }

    /// The order's contact as it was read; `None` where the order has none or was not read.
    #[must_use]
    pub fn before(&self, kind: ContactType) -> Option<&OrderContact> {
        self.before.contact(kind)
    }

    pub(crate) const fn all_before(&self) -> &Before {
        &self.before
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.wanted.order()
    }

    /// What is wanted.
    #[must_use]
    pub const fn update(&self) -> &ContactsUpdate {
        self.wanted.update()
    }

    /// The lines of the input that ask for it.
    #[must_use]
    pub fn lines(&self) -> &[u64] {
        self.wanted.lines()
    }

    /// The first name in the certificate, if the order was read and told it.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// The order's status, if the order was read and told it.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// What was found out.
    #[must_use]
    pub fn state(&self) -> &State {
        self.state.get_or_init(|| {
            let mut order = Order::default();
            order.organization_contact = self.before(ContactType::Organization).cloned();
            order.technical_contact = self.before(ContactType::Technical).cloned();
            State::Changes(Change::between(&order, self.update()))
        })
    }

    /// Whether a request is needed, by what the plan saw.
    #[must_use]
    pub fn needs_request(&self) -> bool {
        self.settled().is_none()
    }

    /// The state, unless a request is needed.
    pub(crate) fn settled(&self) -> Option<&State> {
        let state = self.state.get()?;
        (!matches!(state, State::Changes(_))).then_some(state)
    }

    /// What became of it already, unless a request is needed.
    pub(crate) fn result(&self) -> Option<OrderResult> {
        match self.state.get()? {
            State::Changes(_) => None,
            State::Unchanged => Some(OrderResult::Unchanged),
            State::Blocked(reason) => Some(OrderResult::Blocked(*reason)),
            State::ReadFailed(failure) => Some(OrderResult::ReadFailed(failure.clone())),
        }
    }
}

impl State {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Changes(_) => "changes",
            Self::Unchanged => "unchanged",
            Self::Blocked(_) => "blocked",
            Self::ReadFailed(_) => "read-failed",
        }
    }

    fn of(change: Change) -> Self {
        match change.blocked() {
            Some(blocked) => Self::Blocked(blocked),
            None if change.is_noop() => Self::Unchanged,
            None => Self::Changes(change),
        }
    }
}

impl PlanStopped {
    /// What ended it.
    #[must_use]
    pub const fn failure(&self) -> &Failure {
        &self.failure
    }
}

impl fmt::Display for PlanStopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            failure,
            read,
            orders,
        } = self;
        write!(
            f,
            "stopped after {read} of {orders} orders were read, nothing was changed"
        )?;
        if failure.is_cancelled() {
            return Ok(());
        }
        write!(f, ": {failure}")
    }
}

impl std::error::Error for PlanStopped {}

use std::sync::OnceLock;

use contacts_core::{Blocked, Change, ContactType, ContactsUpdate, Order, OrderContact, OrderId};
use strum::{EnumDiscriminants, IntoStaticStr};

use crate::failure::Failure;
use crate::input::OrderUpdate;
use crate::order_api::OrderApi;
use crate::plan::previous::PreviousContacts;
use crate::report::OrderResult;

/// One order of a [`Plan`](crate::Plan).
#[derive(Clone, Debug)]
pub struct PlannedOrder {
    update: OrderUpdate,
    common_name: Option<String>,
    status: Option<String>,
    previous: PreviousContacts,
    /// Empty if an update is needed and its changes have not been computed yet.
    state: OnceLock<State>,
}

/// What a plan does with an order.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr, EnumDiscriminants)]
#[strum(serialize_all = "kebab-case")]
#[strum_discriminants(
    name(StateKind),
    vis(pub(crate)),
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum State {
    /// An update is needed.
    Changes(Change),
    /// The order already has every value; no update is needed.
    #[strum_discriminants(serde(alias = "already-right"))]
    Unchanged,
    /// DigiCert would reject the update, so none of the order's contacts is changed.
    Blocked(Blocked),
    /// The order could not be read, so it is not changed.
    #[strum_discriminants(serde(alias = "not-read"))]
    ReadFailed(Failure),
}

impl PlannedOrder {
    /// Without a `state`, an update is needed.
    pub(crate) fn new(
        update: OrderUpdate,
        common_name: Option<String>,
        status: Option<String>,
        previous: PreviousContacts,
        state: Option<State>,
    ) -> Self {
        Self {
            update,
            common_name,
            status,
            previous,
            state: state.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    pub(crate) fn fetch(update: OrderUpdate, api: &impl OrderApi) -> Self {
        let (mut order, state) = match api.read(update.order) {
            Ok(order) => {
                let change = Change::between(&order, &update.update);
                (order, change.into())
            }
            Err(failure) => (Order::default(), State::ReadFailed(failure)),
        };
        let (common_name, status) = (order.common_name.take(), order.status.take());
        Self::new(update, common_name, status, order.into(), Some(state))
    }

    /// The order's contact when the plan was made; `None` if it had none or was not read.
    #[must_use]
    pub fn before(&self, contact_type: ContactType) -> Option<&OrderContact> {
        self.previous.get(contact_type)
    }

    pub(crate) const fn previous(&self) -> &PreviousContacts {
        &self.previous
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.update.order
    }

    /// The update.
    #[must_use]
    pub const fn update(&self) -> &ContactsUpdate {
        &self.update.update
    }

    /// The lines of the input that name the order, from 1.
    #[must_use]
    pub fn lines(&self) -> &[u64] {
        &self.update.lines
    }

    /// The common name of the certificate, if it was read.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.common_name.as_deref()
    }

    /// The order's status, such as `issued`, if it was read.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// What the plan does with the order.
    #[must_use]
    pub fn state(&self) -> &State {
        self.state.get_or_init(|| {
            let mut order = Order::default();
            order.organization_contact = self.before(ContactType::Organization).cloned();
            order.technical_contact = self.before(ContactType::Technical).cloned();
            State::Changes(Change::between(&order, self.update()))
        })
    }

    /// Whether an update is needed.
    #[must_use]
    pub fn needs_update(&self) -> bool {
        self.final_state().is_none()
    }

    /// The state, unless an update is needed. Computes no changes.
    pub(crate) fn final_state(&self) -> Option<&State> {
        let state = self.state.get()?;
        (!matches!(state, State::Changes(_))).then_some(state)
    }

    /// The result, unless an update is needed.
    pub(crate) fn final_result(&self) -> Option<OrderResult> {
        match self.state.get()? {
            State::Changes(_) => None,
            State::Unchanged => Some(OrderResult::Unchanged),
            State::Blocked(reason) => Some(OrderResult::Blocked(*reason)),
            State::ReadFailed(failure) => Some(OrderResult::ReadFailed(failure.clone())),
        }
    }
}

impl State {
    /// The stable name, as in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

impl From<Change> for State {
    fn from(change: Change) -> Self {
        match change.blocked() {
            Some(blocked) => Self::Blocked(blocked),
            None if change.is_noop() => Self::Unchanged,
            None => Self::Changes(change),
        }
    }
}

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

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
    /// Whether the plan was made without reading the order; the run reads it.
    is_unread: bool,
    /// The order as it was read; empty if it was not read yet.
    current: OnceLock<Current>,
}

/// An order before its update.
#[derive(Clone, Debug)]
struct Current {
    common_name: Option<String>,
    status: Option<String>,
    contacts: PreviousContacts,
    /// Empty if an update is needed and its changes have not been computed yet.
    state: OnceLock<State>,
    /// When this process read the order; `None` for a saved plan.
    read_at: Option<ReadTime>,
}

/// When a request of this process read an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadTime {
    instant: Instant,
    /// `instant` does not advance while the machine is suspended.
    time: SystemTime,
}

impl ReadTime {
    pub(crate) fn now() -> Self {
        Self {
            instant: Instant::now(),
            time: SystemTime::now(),
        }
    }

    pub(crate) fn age(self) -> Duration {
        let by_time = self.time.elapsed().unwrap_or_default();
        self.instant.elapsed().max(by_time)
    }
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
    /// The order has not been read yet; the run reads it and then decides.
    Unread,
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
        let current = Current {
            common_name,
            status,
            contacts: previous,
            state: state.map_or_else(OnceLock::new, OnceLock::from),
            read_at: None,
        };
        Self {
            update,
            is_unread: false,
            current: OnceLock::from(current),
        }
    }

    /// An order that the run reads.
    pub(crate) const fn unread(update: OrderUpdate) -> Self {
        Self {
            update,
            is_unread: true,
            current: OnceLock::new(),
        }
    }

    /// An order that this process read at `read_at`, or that is known from a file.
    pub(crate) fn read(
        update: OrderUpdate,
        order: Order,
        read_at: impl Into<Option<ReadTime>>,
    ) -> Self {
        let state = Change::between(&order, &update.update).into();
        let current = Current::new(order, state, read_at);
        Self {
            update,
            is_unread: false,
            current: OnceLock::from(current),
        }
    }

    pub(crate) fn fetch(update: OrderUpdate, api: &impl OrderApi) -> Self {
        // The answer may be as old as the request.
        let read_at = ReadTime::now();
        let failure = match api.read(update.order) {
            Ok(order) => return Self::read(update, order, read_at),
            Err(failure) => State::ReadFailed(failure),
        };
        let current = Current::new(Order::default(), failure, read_at);
        Self {
            update,
            is_unread: false,
            current: OnceLock::from(current),
        }
    }

    /// Stores the order as the run read it, unless it was read before.
    pub(crate) fn set_read(&self, order: &Order, read_at: ReadTime) {
        self.current.get_or_init(|| {
            let state = Change::between(order, self.update()).into();
            Current::new(order.clone(), state, read_at)
        });
    }

    /// Stores the order as an earlier process read it before its update.
    pub(crate) fn set_previous(
        &self,
        common_name: Option<String>,
        status: Option<String>,
        contacts: PreviousContacts,
    ) {
        self.current.get_or_init(|| Current {
            common_name,
            status,
            contacts,
            state: OnceLock::new(),
            read_at: None,
        });
    }

    /// The order as it was read, by the plan or by the run.
    pub(crate) fn to_read(&self) -> Self {
        Self {
            is_unread: !self.was_read(),
            ..self.clone()
        }
    }

    /// Whether the plan was made without reading the order.
    pub(crate) const fn is_unread(&self) -> bool {
        self.is_unread
    }

    /// When this process read the order, if it did.
    pub(crate) fn read_at(&self) -> Option<ReadTime> {
        self.current.get()?.read_at
    }

    /// Whether the order was read, by this process or an earlier one.
    pub(crate) fn was_read(&self) -> bool {
        self.current.get().is_some()
    }

    /// The order's contact when the plan was made, or when the run read it; `None` if it had none or was
    /// not read.
    #[must_use]
    pub fn before(&self, contact_type: ContactType) -> Option<&OrderContact> {
        self.current.get()?.contacts.get(contact_type)
    }

    pub(crate) fn previous(&self) -> Option<&PreviousContacts> {
        self.current.get().map(|current| &current.contacts)
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
        self.current.get()?.common_name.as_deref()
    }

    /// The order's status, such as `issued`, if it was read.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.current.get()?.status.as_deref()
    }

    /// What the plan does with the order.
    #[must_use]
    pub fn state(&self) -> &State {
        let Some(current) = self.current.get() else {
            return &State::Unread;
        };
        current.state.get_or_init(|| {
            let mut order = Order::default();
            order.organization_contact = self.before(ContactType::Organization).cloned();
            order.technical_contact = self.before(ContactType::Technical).cloned();
            State::Changes(Change::between(&order, self.update()))
        })
    }

    /// Whether an update is needed, as far as the order was read.
    #[must_use]
    pub fn needs_update(&self) -> bool {
        self.final_state().is_none()
    }

    /// Whether the order visibly differs from the update, or has not been read. A field that cannot be read,
    /// such as `language_id`, does not count.
    #[must_use]
    pub fn is_drift(&self) -> bool {
        match self.state() {
            State::Changes(change) => change.has_mismatch(),
            State::Unread => true,
            State::Unchanged | State::Blocked(_) | State::ReadFailed(_) => false,
        }
    }

    /// Whether the run sets a contact to other values, as far as they can be read.
    #[cfg(feature = "rules")]
    pub(crate) fn sets(&self, contact_type: ContactType) -> bool {
        match self.state() {
            State::Changes(change) => {
                let mut fields = change.fields().iter();
                fields.any(|field| {
                    let is_new = !matches!(
                        field.state,
                        contacts_core::FieldState::Same | contacts_core::FieldState::Kept
                    );
                    field.contact_type == contact_type && is_new
                })
            }
            State::Unread => self.update().contact(contact_type).is_some(),
            State::Unchanged | State::Blocked(_) | State::ReadFailed(_) => false,
        }
    }

    /// The state, unless an update is needed. Computes no changes.
    pub(crate) fn final_state(&self) -> Option<&State> {
        let state = self.current.get()?.state.get()?;
        (!matches!(state, State::Changes(_))).then_some(state)
    }

    /// The result, unless an update is needed.
    pub(crate) fn final_result(&self) -> Option<OrderResult> {
        match self.final_state()? {
            State::Changes(_) | State::Unread => None,
            State::Unchanged => Some(OrderResult::Unchanged),
            State::Blocked(reason) => Some(OrderResult::Blocked(*reason)),
            State::ReadFailed(failure) => Some(OrderResult::ReadFailed(failure.clone())),
        }
    }
}

impl Current {
    fn new(mut order: Order, state: State, read_at: impl Into<Option<ReadTime>>) -> Self {
        Self {
            common_name: order.common_name.take(),
            status: order.status.take(),
            contacts: order.into(),
            state: OnceLock::from(state),
            read_at: read_at.into(),
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

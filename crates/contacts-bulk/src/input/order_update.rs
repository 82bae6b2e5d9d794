use contacts_core::{ContactsUpdate, OrderId};

/// What is wanted of one order.
#[derive(Clone, Debug)]
pub struct OrderUpdate {
    order: OrderId,
    update: ContactsUpdate,
    lines: Vec<u64>,
}

impl OrderUpdate {
    pub(crate) const fn new(order: OrderId, update: ContactsUpdate, lines: Vec<u64>) -> Self {
        Self {
            order,
            update,
            lines,
        }
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order
    }

    /// What is wanted.
    #[must_use]
    pub const fn update(&self) -> &ContactsUpdate {
        &self.update
    }

    /// The lines of the file that it comes from.
    #[must_use]
    pub fn lines(&self) -> &[u64] {
        &self.lines
    }
}

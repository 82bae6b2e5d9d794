use contacts_core::{ContactsUpdate, OrderId};

/// The update of one order.
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

    /// The contacts to set.
    #[must_use]
    pub const fn update(&self) -> &ContactsUpdate {
        &self.update
    }

    /// The lines of the file that it comes from; for rows that are not in a file, their index plus 1.
    #[must_use]
    pub fn lines(&self) -> &[u64] {
        &self.lines
    }
}

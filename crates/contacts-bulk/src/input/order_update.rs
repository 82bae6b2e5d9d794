use contacts_core::{ContactsUpdate, OrderId};

/// The update of one order.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrderUpdate {
    /// The order.
    pub order: OrderId,
    /// The contacts to set.
    pub update: ContactsUpdate,
    /// The lines of the file that it comes from; for rows that are not in a file, their index plus 1.
    pub lines: Vec<u64>,
}

impl OrderUpdate {
    pub(crate) const fn new(order: OrderId, update: ContactsUpdate, lines: Vec<u64>) -> Self {
        Self {
            order,
            update,
            lines,
        }
    }
}

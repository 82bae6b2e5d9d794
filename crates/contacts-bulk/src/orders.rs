use contacts_core::{ContactsUpdate, Order, OrderId};

use crate::failure::Failure;

/// The two calls that this crate needs of a client. The [crate page](crate) shows one.
pub trait OrderApi {
    /// Reads an order.
    ///
    /// # Errors
    /// A [`Failure`] that says whether other orders can be expected to fare better.
    fn order(&self, order: OrderId) -> Result<Order, Failure>;

    /// Changes an order's contacts.
    ///
    /// # Errors
    /// A [`Failure`] whose [`outcome`](Failure::outcome) says whether the order may have been
    /// changed all the same.
    fn update_contacts(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure>;
}

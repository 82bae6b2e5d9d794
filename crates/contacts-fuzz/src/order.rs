use contacts_core::{ContactType, Field, Order};

/// An order as the API tells it: no getter gives an empty text.
///
/// # Panics
/// Where a promise is broken.
pub fn order(bytes: &[u8]) {
    let Ok(order) = Order::from_json(bytes) else {
        return;
    };
    let _ = order.dv_status();
    let contacts = ContactType::ALL.map(|kind| order.contact(kind));
    for contact in contacts.into_iter().flatten() {
        for field in Field::ALL {
            assert_ne!(contact.get(field), Some(""));
        }
    }
}

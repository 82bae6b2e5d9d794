use contacts_core::{ContactType, Field, Order};

/// An order in a response. No getter returns an empty text.
///
/// # Panics
/// Panics if a property is violated.
pub fn order(bytes: &[u8]) {
    let order = Order::from_json(bytes).unwrap_or_default();
    let _ = order.dv_status();
    let contacts = ContactType::ALL.map(|contact_type| order.contact(contact_type));
    for contact in contacts.into_iter().flatten() {
        for field in Field::ALL {
            assert_ne!(contact.get(field), Some(""));
        }
    }
}

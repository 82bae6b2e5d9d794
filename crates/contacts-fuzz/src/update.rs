use contacts_core::ContactsUpdate;

/// An update in JSON. A valid update survives a round trip, and an error has a message.
///
/// # Panics
/// Panics if a property is violated.
pub fn update(bytes: &[u8]) {
    match ContactsUpdate::from_json(bytes) {
        Ok(update) => {
            let parsed = ContactsUpdate::from_json(&update.to_json()).expect("valid JSON");
            assert_eq!(parsed, update);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

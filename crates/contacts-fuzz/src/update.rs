use contacts_core::ContactsUpdate;

/// An update in JSON: what is accepted reads back equal, what is refused says why.
///
/// # Panics
/// Where a promise is broken.
pub fn update(bytes: &[u8]) {
    match ContactsUpdate::from_json(bytes) {
        Ok(update) => {
            let again = ContactsUpdate::from_json(&update.to_json()).expect("it was valid");
            assert_eq!(again, update);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

//! Any bytes as an update: what is accepted reads back equal, what is refused says why.
#![no_main]

use contacts_core::ContactsUpdate;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match ContactsUpdate::from_json(bytes) {
        Ok(update) => {
            let again = ContactsUpdate::from_json(&update.to_json()).expect("it was valid");
            assert_eq!(again, update);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

//! Any bytes as an order: nothing panics, and no getter gives an empty text.
#![no_main]

use contacts_core::{ContactType, Field, Order};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(order) = Order::from_json(bytes) else {
        return;
    };
    let _ = order.dv();
    for contact in ContactType::ALL.map(|kind| order.contact(kind)).into_iter().flatten() {
        for field in Field::ALL {
            assert_ne!(contact.get(field), Some(""));
        }
    }
});

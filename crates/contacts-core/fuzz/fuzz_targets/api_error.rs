//! Any bytes as the body of an error: what comes out is bounded and safe to print.
#![no_main]

use contacts_core::{ApiErrors, printable};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let errors = ApiErrors::from_body(bytes);
    assert!(errors.len() <= 20);
    for error in errors.iter() {
        assert!(error.code.chars().count() <= 500 && error.message.chars().count() <= 500);
    }
    let shown = errors.to_string();
    assert_eq!(printable(&shown), shown);
});

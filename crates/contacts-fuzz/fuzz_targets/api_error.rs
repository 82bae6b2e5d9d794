//! [`contacts_fuzz::api_error`] for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contacts_fuzz::api_error(bytes));

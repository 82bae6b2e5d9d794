//! [`contacts_fuzz::update`] for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contacts_fuzz::update(bytes));

//! [`contacts_fuzz::limit_file`] for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contacts_fuzz::limit_file(bytes));

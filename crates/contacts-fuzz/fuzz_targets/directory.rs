//! [`contacts_fuzz::directory`] for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| contacts_fuzz::directory(bytes));

//! The integration tests of contacts-cli, in one binary.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod apply;
mod bad_input;
mod check;
mod completions;
mod connection;
mod curl;
mod examples;
mod export;
mod fault;
mod files;
mod find;
mod full_disk;
mod get;
mod guess;
mod help;
mod key;
mod kill;
mod man;
mod plan;
mod process;
mod profile;
mod replace;
mod report;
mod requests;
mod resume;
mod run;
mod runs;
mod sandbox;
mod set;
mod snapshot;
mod terminal;
mod tool;
mod undo;
mod verify_report;
mod whoami;

//! The one test binary of contacts-bulk.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod account;
mod apply;
mod check;
mod csv;
mod event_log;
mod export;
mod fault;
mod format;
mod header;
mod interleaving;
mod journal;
mod json_lines;
mod plan;
mod plan_file;
mod rejects;
mod replay;
mod reporting;
mod resume;
#[cfg(feature = "rules")]
mod rules;
mod run;
mod sample;
mod schedule;
mod search;
mod search_account;
mod search_source;
mod settings;
mod spreadsheet;
mod undo;
mod unknown_outcome;
mod unread;
mod verify_report;
mod version_1;
#[cfg(feature = "http")]
mod worker;
#[cfg(feature = "xlsx")]
mod xlsx;

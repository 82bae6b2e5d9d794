//! Changes the contacts of many DigiCert orders.
//!
//! | step | what it does |
//! |---|---|
//! | [`Input::from_csv`], [`Input::read`] | reads a file; everything wrong in it is told at once, and no row is half used |
//! | [`Check`] | the same rules for files of any size, without keeping what they hold |
//! | [`Plan::new`] | reads every order and finds out what would change; sends nothing |
//! | [`PlanFile`] | keeps a plan, to be looked at and carried out at another time |
//! | [`Run`] | sends one request for each order that needs it, reads back what was written, and keeps a journal |
//! | [`Replay`] | what a journal tells: a run that was cut off is gone on with where it ended |
//! | [`Undo`] | a plan that puts back what a run found |
//! | [`Plan::apply`] | the same as a run, without a journal |
//! | [`Export`] | takes down the contacts of an account's orders, as an input file |
//! | [`Report`] | what became of each order, and a [`Summary`] that adds up |
//!
//! This crate sends nothing itself: it needs two calls, which [`Orders`] names. `contacts-http`
//! has them; a test can make its own.
//!
//! ```
//! use contacts_bulk::{Failure, Input, Orders, Plan};
//! use contacts_core::{ContactsUpdate, Order, OrderId};
//!
//! struct Fake;
//!
//! impl Orders for Fake {
//!     fn order(&self, _: OrderId) -> Result<Order, Failure> {
//!         Ok(Order::default())
//!     }
//!     fn update_contacts(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
//!         Ok(())
//!     }
//! }
//!
//! let file = "order_id,contact_type,first_name,last_name,email\n\
//!             100000001,technical_contact,Jane,Doe,jane.doe@example.com\n";
//! let input = Input::from_csv(file.as_bytes(), false)?;
//! let plan = Plan::new(input, &Fake, |_| {}).unwrap();
//! assert_eq!(plan.summary().changes, 1);
//!
//! let report = plan.apply(&Fake, false, |_| {});
//! assert_eq!(report.summary().changed, 1);
//! # Ok::<(), contacts_bulk::InputError>(())
//! ```

mod account;
mod apply;
mod before;
mod check;
mod csv_out;
mod dispatch;
mod export;
mod export_error;
mod export_notes;
mod failure;
mod format;
mod gathering;
mod header;
mod history;
mod input;
mod journal;
mod journal_error;
mod journal_file;
mod journal_line;
mod json_lines;
mod order_report;
mod orders;
mod own_file;
mod plan;
mod plan_file;
mod plan_file_error;
mod plan_line;
mod private_file;
mod problem;
mod problems;
mod quoting;
mod raw;
mod reading;
mod rejects;
mod replay;
mod report;
mod run;
mod send;
mod settings;
mod source;
mod storage;
mod trouble;
mod undo;

pub use account::Account;
pub use apply::Event;
pub use check::{Check, Checked};
pub use csv_out::ContactWriter;
pub use export::{Export, ExportAccount, ExportEvent, ExportStopped, Exported, Wanted};
pub use export_error::ExportError;
pub use failure::{Failure, FailureKind};
pub use format::Format;
pub use history::History;
pub use input::{Input, InputError, OrderUpdate};
pub use journal_error::{JournalError, Refused};
pub use journal_file::JournalFile;
pub use orders::Orders;
pub use plan::{Plan, PlanSummary, PlannedOrder, State, Stopped};
pub use plan_file::PlanFile;
pub use plan_file_error::PlanFileError;
pub use private_file::create_private;
pub use problem::{Problem, ProblemKind};
pub use problems::Problems;
pub use rejects::write_rejects;
pub use replay::Replay;
pub use report::{OrderResult, ReadBack, Report, Summary, Verdict};
pub use run::Run;
pub use settings::RunSettings;
pub use storage::Storage;
pub use undo::{Left, LeftReason, Undo};

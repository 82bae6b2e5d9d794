//! Changes the contacts of many DigiCert orders.
//!
//! | step | what it does |
//! |---|---|
//! | [`Input`] | reads a file; everything wrong in it is told at once, and no row is half used |
//! | [`input::Check`] | the same rules for files of any size, without keeping what they hold |
//! | [`Plan::new`] | reads every order and finds out what would change; sends nothing |
//! | [`PlanFile`] | keeps a plan, to be looked at and carried out at another time |
//! | [`Run`] | sends one request for each order that needs it, reads back what was written, and keeps a journal |
//! | [`Replay`] | what a journal tells: a run that was cut off is gone on with where it ended |
//! | [`UndoPlan`] | a plan that puts back what a run found |
//! | [`Plan::apply`] | the same as a run, without a journal |
//! | [`Export`] | takes down the contacts of an account's orders, as an input file |
//! | [`Report`] | what became of each order, and a [`RunSummary`] that adds up |
//!
//! The trait [`OrderApi`] names the calls that this crate needs of a client. With the feature `http`
//! (default), the client of `contacts-http` implements it; a test can implement its own.
//!
//! ```
//! use contacts_bulk::{Failure, Input, OrderApi, Plan};
//! use contacts_core::{ContactsUpdate, Order, OrderId};
//!
//! struct Fake;
//!
//! impl OrderApi for Fake {
//!     fn read(&self, _: OrderId) -> Result<Order, Failure> {
//!         Ok(Order::default())
//!     }
//!     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
//!         Ok(())
//!     }
//! }
//!
//! let file = "order_id,contact_type,first_name,last_name,email\n\
//!             100000001,technical_contact,Jane,Doe,jane.doe@example.com\n";
//! let input = Input::from_csv(file)?;
//! let plan = Plan::new(input, &Fake, |_| {}).unwrap();
//! assert_eq!(plan.summary().changes, 1);
//!
//! let report = plan.apply(&Fake, false, |_| {});
//! assert_eq!(report.summary().changed, 1);
//! # Ok::<(), contacts_bulk::Problems>(())
//! ```

mod account;
mod export;
mod failure;
#[cfg(feature = "http")]
pub mod http;
pub mod input;
mod journal;
mod known;
mod orders;
mod own_file;
mod plan;
mod private_file;
mod report;
mod run;
mod trouble;
mod undo;

pub use account::{AccountIdentity, AccountMismatch};
pub use export::error::ExportError;
pub use export::notes::ExportSummary;
pub use export::wanted::ExportFilter;
pub use export::{Export, ExportEvent, ExportStopped};
pub use failure::{Failure, FailureKind};
pub use input::{Input, InputError, Problems};
pub use journal::error::JournalError;
pub use journal::file::JournalFile;
pub use journal::history::Timeline;
pub use journal::replay::Replay;
pub use journal::storage::JournalStorage;
pub use orders::OrderApi;
pub use plan::file::PlanFile;
pub use plan::file_error::PlanFileError;
pub use plan::{Plan, PlanStopped, PlanSummary, PlannedOrder, State};
pub use private_file::create_private;
pub use report::document::{PlanDocument, PlannedRecord, ResultRecord, RunDocument};
pub use report::html::html_report;
pub use report::{OrderResult, Report, ReportedOrder, RunSummary, Verification};
pub use run::Run;
pub use run::record::RunEvent;
pub use run::rejects::write_rejects;
pub use run::settings::RunSettings;
pub use undo::{NotRestorable, NotRestorableReason, UndoPlan};

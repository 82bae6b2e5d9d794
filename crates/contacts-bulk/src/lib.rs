//! Changes the contacts of many DigiCert orders.
//!
//! | type | what it does |
//! |---|---|
//! | [`Input`] | reads and validates a file or other rows, and reports all [`Problems`] at once |
//! | [`Plan`] | what would change: [`Plan::fetch`] reads every order and changes nothing |
//! | [`PlanFile`] | saves a plan, to review it and apply it later |
//! | [`Run`] | applies a plan: updates each order, verifies it, and keeps a journal |
//! | [`Replay`] | reads a journal, to resume an interrupted run |
//! | [`UndoPlan`] | a plan that restores what a run overwrote |
//! | [`Report`] | the result of each order, and a [`RunSummary`] that adds up |
//! | [`search`] | finds the orders of a person, and reads few of the others |
//! | [`export`] | exports the contacts of every order in the account as an input file |
//!
//! The trait [`OrderApi`] has the calls that this crate needs of a client. With the feature `http`
//! (default), the client of `contacts-http` implements it; a test can implement its own.
//!
//! ```
//! use contacts_bulk::{Failure, Input, OrderApi, Plan, RunSettings};
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
//! let plan = Plan::fetch(input, &Fake, |_| {}).unwrap();
//! assert_eq!(plan.summary().changes, 1);
//!
//! let settings = RunSettings::default().skip_verification();
//! let report = plan.apply(&settings, &Fake, |_| {});
//! assert_eq!(report.summary().changed, 1);
//! # Ok::<(), contacts_bulk::Problems>(())
//! ```

mod account;
pub mod export;
mod failure;
pub mod file;
#[cfg(feature = "http")]
pub mod http;
pub mod input;
pub mod journal;
mod order_api;
mod plan;
pub mod report;
mod run;
pub mod search;
pub mod undo;

pub use account::{AccountIdentity, AccountMismatch};
pub use failure::{Failure, FailureKind};
pub use input::{Input, Problems};
pub use journal::file::JournalFile;
pub use journal::replay::Replay;
pub use journal::storage::JournalStorage;
pub use order_api::{ListFilter, OrderApi, OrganizationEmail};
pub use plan::file::PlanFile;
pub use plan::order::{PlannedOrder, State};
pub use plan::{Plan, PlanStopped, PlanSummary};
pub use report::{OrderResult, Report, ReportedOrder, RunSummary, Verification};
pub use run::settings::{InvalidVerify, RunSettings, Verify};
pub use run::{Run, RunEvent};
pub use undo::UndoPlan;

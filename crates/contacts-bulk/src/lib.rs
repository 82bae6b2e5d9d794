//! Changes the contacts of many DigiCert orders.
//!
//! | step | what it does |
//! |---|---|
//! | [`Input::from_csv`], [`Input::read`] | reads a file; everything wrong in it is told at once, and no row is half used |
//! | [`Check`] | the same rules for files of any size, without keeping what they hold |
//! | [`Plan::new`] | reads every order and finds out what would change; sends nothing |
//! | [`Plan::apply`] | sends one request for each order that needs it, and reads back what was written |
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
//!
//! # What it does not do yet
//! There is no journal: a run that is cut off is finished by running the same file again, which
//! skips every order that is already right. What was there before is shown by the plan, but not
//! kept for putting it back.

mod apply;
mod check;
mod csv_out;
mod failure;
mod format;
mod gathering;
mod header;
mod input;
mod json_lines;
mod orders;
mod plan;
mod problem;
mod problems;
mod quoting;
mod raw;
mod reading;
mod report;
mod source;
mod trouble;

pub use check::{Check, Checked};
pub use csv_out::ContactWriter;
pub use failure::{Failure, FailureKind};
pub use format::Format;
pub use input::{Input, InputError, OrderUpdate};
pub use orders::Orders;
pub use plan::{Plan, PlanSummary, PlannedOrder, State, Stopped};
pub use problem::{Problem, ProblemKind};
pub use problems::Problems;
pub use report::{OrderResult, ReadBack, Report, Summary, Verdict};

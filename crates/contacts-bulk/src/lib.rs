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
#![cfg_attr(
    feature = "rules",
    doc = "| [`rules`] | the contacts that orders should have, by rule |"
)]
#![cfg_attr(feature = "rules", doc = "| [`policy`] | what a plan may change |")]
//! | [`audit`] | finds contacts that look wrong |
//! | [`worker`] | passes the updates of a run to other processes, such as the workers of a queue |
//! | [`export`] | exports the contacts of every order in the account as an input file |
//!
//! The trait [`OrderApi`] has the calls that this crate needs of a client. With the feature `http`
//! (default), the client of `contacts-http` implements it. From one order to a run with progress and
//! cancellation:
//!
#![cfg_attr(feature = "http", doc = "```")]
#![cfg_attr(not(feature = "http"), doc = "```ignore")]
//! use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
//! use std::{error::Error, time::SystemTime};
//!
//! use contacts_bulk::{AccountIdentity, Input, JournalFile, Plan, PlanFile, Run, RunEvent, RunSettings};
//! use contacts_core::{Contact, ContactsUpdate, OrderId};
//! use contacts_http::{ApiKey, BaseUrl, Client};
//!
//! static INTERRUPTED: AtomicBool = AtomicBool::new(false); // a handler of Ctrl-C sets it
//!
//! # let sandbox = contacts_sandbox::Sandbox::start()?;
//! # let (key, url) = (sandbox.api_key().to_owned(), sandbox.base_url());
//! # let path = std::env::temp_dir().join(format!("crate-page-{}.jsonl", std::process::id()));
//! let client = Client::builder(ApiKey::parse(key)?)
//!     .base_url(BaseUrl::parse(&url)?) // BaseUrl::us() without it
//!     .cancelled(|| INTERRUPTED.load(SeqCst))
//!     .build()?;
//!
//! // One order.
//! let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
//! client.update_contacts(OrderId::parse("100000001")?, &ContactsUpdate::technical(jane))?;
//!
//! // Many orders: Input::from_path reads a file.
//! let input = Input::from_csv(
//!     "order_id,contact_type,first_name,last_name,email\n\
//!      100000002,technical_contact,Jane,Doe,jane.doe@example.com\n\
//!      100000004,technical_contact,Jane,Doe,jane.doe@example.com\n",
//! )?;
//! let plan = Plan::fetch(input, &client, |order| println!("read order {}", order.order()))?;
//! let total = plan.summary().changes;
//! let account = AccountIdentity::from(&client);
//! let plan = PlanFile::new(plan, account.base_url(), SystemTime::now());
//! let mut run = Run::start(plan, &account, JournalFile::create(&path)?, SystemTime::now)?;
//! let mut finished = 0;
//! let report = run.apply(&RunSettings::default(), &client, |event| {
//!     if let RunEvent::Finished(order) = event {
//!         finished += 1;
//!         println!("{finished} of {total}: order {} {}", order.order(), order.result().name());
//!     }
//! });
//! assert!(report.stopped().is_none(), "cancelled: the journal resumes it");
//! assert_eq!(report.summary().verified, 2);
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn Error>>(())
//! ```
//!
//! # Log
//! Through the `log` crate, with the target `contacts_bulk`: `info` for the start of a plan and a run, with
//! the number of orders, and for its end, with the counts; `warn` if it stopped early, with the reason.
//! The client of contacts-http logs the requests.

mod account;
pub mod audit;
mod domain;
mod event_log;
pub mod export;
mod failure;
pub mod file;
#[cfg(feature = "http")]
pub mod http;
pub mod input;
pub mod journal;
mod order_api;
mod plan;
#[cfg(feature = "rules")]
pub mod policy;
pub mod report;
#[cfg(feature = "rules")]
pub mod rules;
mod run;
pub mod search;
#[cfg(feature = "rules")]
mod toml_file;
pub mod undo;
pub mod worker;

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
#[cfg(feature = "rules")]
pub use toml_file::TomlError;
pub use undo::UndoPlan;

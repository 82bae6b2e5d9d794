//! Many orders: from Python's sources to plans and runs of `contacts-bulk`.

mod frame;
mod place;
mod plan;
mod progress;
mod rows;
mod run;
mod source;
mod watched;

pub(crate) use place::Place;
pub(crate) use plan::{BulkPlan, bulk_plan, bulk_read_plan, bulk_undo};
pub(crate) use run::bulk_resume;
pub(crate) use source::{BulkSource, bulk_check};

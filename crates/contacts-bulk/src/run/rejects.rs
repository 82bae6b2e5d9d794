use std::io::{self, Write};

use crate::input::ContactWriter;
use crate::plan::Plan;
use crate::report::{OrderResult, Report};

/// Writes the orders of a report that were not changed and should have been, as an input file with
/// the reason in a last column `reason`. Orders that were not tried are left out, since going on
/// with the run is what they need. Says how many orders it wrote.
///
/// `report` is that of a run of `plan`.
///
/// # Errors
/// Where `to` can't be written.
pub fn write_rejects(plan: &Plan, report: &Report, to: impl Write) -> io::Result<usize> {
    let mut rows = ContactWriter::with_reasons(to)?;
    let mut orders = 0;
    for (planned, result) in plan.orders().iter().zip(report.orders()) {
        let Some(reason) = reason(result.result()) else {
            continue;
        };
        orders += 1;
        for (kind, contact) in planned.update().contacts() {
            rows.write(planned.order(), kind, |field| contact.get(field), &reason)?;
        }
    }
    rows.finish()?;
    Ok(orders)
}

fn reason(result: &OrderResult) -> Option<String> {
    let reason = match result {
        OrderResult::Blocked(reason) => reason.to_string(),
        OrderResult::ReadFailed(failure) | OrderResult::Failed(failure) => failure.to_string(),
        OrderResult::Conflict => OrderResult::CONFLICT.to_owned(),
        OrderResult::Unchanged | OrderResult::Changed(_) | OrderResult::Skipped => return None,
    };
    Some(contacts_core::printable(&reason).into_owned())
}

use std::io::{self, Write};

use crate::input::ContactWriter;
use crate::plan::Plan;
use crate::report::{OrderResult, Report};

/// Writes the orders that a run of `plan` could not change as an input file, with the reason in a
/// last column `reason`. Skipped orders are left out: resuming the run is what they need. Returns the
/// number of orders.
///
/// # Errors
/// Returns an error if `to` cannot be written.
pub fn write_rejects(plan: &Plan, report: &Report, to: impl Write) -> io::Result<usize> {
    let mut rows = ContactWriter::with_reasons(to)?;
    let mut orders = 0;
    for (planned, reported) in plan.orders().iter().zip(report.orders()) {
        let Some(reason) = reason(reported.result()) else {
            continue;
        };
        orders += 1;
        for (contact_type, contact) in planned.update().contacts() {
            let value = |field| contact.get(field);
            rows.write(planned.order(), contact_type, value, &[&reason])?;
        }
    }
    rows.finish()?;
    Ok(orders)
}

fn reason(result: &OrderResult) -> Option<String> {
    let reason = match result {
        OrderResult::Blocked(reason) => reason.to_string(),
        OrderResult::ReadFailed(failure) | OrderResult::Failed(failure) => failure.to_string(),
        OrderResult::Conflict(_) => OrderResult::CONFLICT.to_owned(),
        OrderResult::Unchanged | OrderResult::Changed(_) | OrderResult::Skipped => return None,
    };
    Some(contacts_core::printable(&reason).into_owned())
}

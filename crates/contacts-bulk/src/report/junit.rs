//! A plan as a `JUnit` report, for the test results of a CI system.

use std::fmt::Write;

use crate::plan::Plan;
use crate::plan::order::{PlannedOrder, State};
use crate::report::html::escaped;
use crate::report::markdown::fields;

/// A plan as a `JUnit` report with a test case for each order: an unchanged order passes, one that would
/// change is a failure, one that is blocked or could not be read is an error, and one that was not read
/// is skipped. As in `plan --detailed-exitcode`, a field that cannot be read makes no failure. The report
/// names fields and has no values.
///
/// ```
/// use contacts_bulk::report::plan_as_junit;
/// use contacts_bulk::{Input, Plan};
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,A,B,a@example.com\n";
/// let plan = Plan::unread(Input::from_csv(file)?);
/// assert!(plan_as_junit(&plan).contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""));
/// # Ok::<(), contacts_bulk::Problems>(())
/// ```
#[must_use]
pub fn plan_as_junit(plan: &Plan) -> String {
    let orders = plan.orders();
    let summary = plan.summary();
    let failures = orders.iter().filter(|order| is_failure(order)).count();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\
         <testsuite name=\"digicert-contacts plan\" tests=\"{}\" failures=\"{failures}\" \
         errors=\"{}\" skipped=\"{}\">\n",
        orders.len(),
        summary.blocked + summary.read_failed,
        summary.unread,
    );
    for order in orders {
        let name = order.common_name().unwrap_or_default();
        let name = format!("order {} {name}", order.order());
        let _ = write!(
            text,
            "<testcase classname=\"digicert-contacts.plan\" name=\"{}\"",
            xml(name.trim_end())
        );
        let _ = match element(order) {
            Some((element, message)) => {
                let message = xml(&message);
                writeln!(text, "><{element} message=\"{message}\"/></testcase>")
            }
            None => writeln!(text, "/>"),
        };
    }
    text + "</testsuite>\n</testsuites>\n"
}

fn is_failure(order: &PlannedOrder) -> bool {
    matches!(order.state(), State::Changes(_)) && order.is_drift()
}

/// Why a test case does not pass.
fn element(order: &PlannedOrder) -> Option<(&'static str, String)> {
    match order.state() {
        State::Changes(_) if is_failure(order) => {
            Some(("failure", format!("would change: {}", fields(order))))
        }
        State::Changes(_) | State::Unchanged => None,
        State::Blocked(reason) => Some(("error", format!("blocked: {reason}"))),
        State::ReadFailed(failure) => Some(("error", format!("not read: {failure}"))),
        State::Unread => Some((
            "skipped",
            "apply reads the order and then decides".to_owned(),
        )),
    }
}

/// A text in an attribute. Two characters that HTML permits make XML invalid.
fn xml(text: &str) -> String {
    escaped(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

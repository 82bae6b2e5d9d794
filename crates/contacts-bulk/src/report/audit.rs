//! The findings of an audit as one HTML page.

use std::fmt::Write;

use contacts_core::OrderContact;

use crate::audit::{AuditReport, AuditedContact};
use crate::report::html::{escaped, head, unbroken};

/// Writes the findings of an audit as one self-contained HTML page.
#[must_use]
pub fn audit_page(report: &AuditReport) -> String {
    let mut page = head("Audit of order contacts");
    let _ = write!(
        page,
        "<h1>Audit of order contacts</h1>\n<p>{} of the contacts of {} orders look wrong; the contacts have {} \
         e-mail addresses.</p>\n<table>\n<thead><tr>",
        report.contacts.len(),
        report.orders,
        report.people,
    );
    for label in [
        "Order",
        "Common name",
        "Contact",
        "Name",
        "E-mail",
        "Reason",
    ] {
        let _ = write!(page, "<th scope=\"col\">{label}</th>");
    }
    page += "</tr></thead>\n<tbody>\n";
    for contact in &report.contacts {
        page += &row(contact);
    }
    page + "</tbody>\n</table>\n</body>\n</html>\n"
}

fn row(found: &AuditedContact) -> String {
    let contact = found.order.contact(found.contact_type);
    let name = contact.map(|contact| {
        let names = [contact.first_name(), contact.last_name()];
        names.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    let email = contact.and_then(OrderContact::email).unwrap_or_default();
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        found.order_id,
        unbroken(found.order.common_name.as_deref().unwrap_or_default()),
        found.contact_type.as_str(),
        escaped(&name.unwrap_or_default()),
        unbroken(email),
        escaped(&found.reason()),
    )
}

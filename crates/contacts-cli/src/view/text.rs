//! For people.

mod run;

use std::borrow::Cow;
use std::fmt::Write;

use contacts_bulk::input::Checked;
use contacts_bulk::{Failure, NotRestorable, PlanSummary, PlannedOrder, State};
use contacts_core::{
    Change, ContactType, Field, FieldChange, FieldState, Order, OrderId, printable,
};
use contacts_http::{AccessRole, User};
use contacts_sandbox::{Account, Sandbox};
use unicode_width::UnicodeWidthStr;

pub(crate) use run::{go_on, journal, rejected, report, result, resumed, stopped};

use crate::view::{ExportDone, paint};

const NONE: &str = "(none)";
const NOT_READABLE: &str = "(not readable)";

/// One order of a plan, field by field.
pub(crate) fn planned(order: &PlannedOrder) -> String {
    let mut text = heading(order.order(), order.common_name(), order.status());
    match order.state() {
        State::Changes(change) => text + "\n" + &changes(change),
        State::Unchanged => text + "  already right\n",
        State::Blocked(reason) => {
            let _ = writeln!(
                text,
                "\n  {}: {reason}; nothing is sent for this order",
                paint::warning("blocked")
            );
            text
        }
        State::ReadFailed(failure) => {
            let _ = writeln!(text, "\n  {}", printable(&failure.to_string()));
            text
        }
    }
}

fn heading(order: OrderId, common_name: Option<&str>, status: Option<&str>) -> String {
    let mut text = format!("order {order}");
    for part in [common_name, status].into_iter().flatten() {
        let _ = write!(text, "  {}", printable(part));
    }
    text
}

/// The fields that change, aligned, under the name of their contact, and those beside them that
/// the order keeps.
fn changes(change: &Change) -> String {
    let mut text = String::new();
    for kind in ContactType::ALL {
        let fields = change.fields().iter();
        let fields = fields.filter(|f| f.contact_type() == kind && f.state() != FieldState::Same);
        let fields: Vec<_> = fields.collect();
        if fields.iter().any(|f| f.state() != FieldState::Kept) {
            let _ = writeln!(text, "  {kind}");
            text += &aligned(&fields);
        }
    }
    text
}

fn aligned(fields: &[&FieldChange]) -> String {
    let widest = fields.iter().map(|f| before(f).width()).max();
    let widest = widest.unwrap_or_default();
    let mut text = String::new();
    for field in fields {
        let before = before(field);
        let (name, pad) = (field.field(), " ".repeat(widest - before.width()));
        let (before, after) = match field.state() {
            FieldState::Kept => (before.into_owned(), "(kept)".to_owned()),
            _ => (
                paint::before(&before),
                paint::after(&printable(field.after())),
            ),
        };
        let _ = writeln!(text, "    {name:<11}  {before}{pad}  ->  {after}");
    }
    text
}

fn before(field: &FieldChange) -> Cow<'_, str> {
    match field.state() {
        FieldState::NotReadable => NOT_READABLE.into(),
        _ => printable(field.before().unwrap_or(NONE)),
    }
}

pub(crate) fn plan_summary(plan: &PlanSummary) -> String {
    let parts = [
        (plan.changes, "to change"),
        (plan.unchanged, "already right"),
        (plan.blocked, "blocked"),
        (plan.read_failed, "not read"),
    ];
    format!("\nplan: {}: {}\n", orders(plan.orders), listed(&parts))
}

/// A failure by itself.
pub(crate) fn failed(failure: &Failure) -> String {
    format!("error: {}\n", printable(&failure.to_string()))
}

/// Where a plan was kept.
pub(crate) fn kept(name: Option<&str>) -> String {
    let apply = |name| format!("kept in {name}; nothing was changed\n");
    name.map_or_else(|| "nothing was changed\n".to_owned(), apply)
}

/// What an undo leaves, and why.
pub(crate) fn left(left: &[NotRestorable]) -> String {
    let mut text = String::new();
    if !left.is_empty() {
        text += "\nstays as the run left it:\n";
    }
    for left in left {
        let _ = write!(text, "  {}", left.order());
        if let Some(kind) = left.contact_type() {
            let _ = write!(text, "  {kind}");
        }
        if let Some(field) = left.field() {
            let _ = write!(text, "  {field}");
        }
        let _ = writeln!(text, ": {}", left.reason());
    }
    text
}

fn listed(parts: &[(usize, &str)]) -> String {
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

fn orders(count: usize) -> String {
    plural(count, "order")
}

fn plural(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// The contacts of an order as it stands.
pub(crate) fn order(id: OrderId, order: &Order) -> String {
    let mut text = heading(id, order.common_name.as_deref(), order.status.as_deref());
    let product = order.product.as_ref();
    if let Some(name) = product.and_then(|product| product.name.as_deref()) {
        let _ = write!(text, "  {}", printable(name));
    }
    text += "\n";
    for kind in ContactType::ALL {
        let Some(contact) = order.contact(kind) else {
            let _ = writeln!(text, "  {kind}  {NONE}");
            continue;
        };
        let _ = writeln!(text, "  {kind}");
        for field in Field::TEXT {
            let value = match contact.get(field) {
                Some(value) => printable(value),
                // Nobody expects to see a language id here.
                None if contact.is_readable(field) || field == Field::LanguageId => continue,
                None => NOT_READABLE.into(),
            };
            let _ = writeln!(text, "    {field:<11}  {value}");
        }
    }
    text
}

pub(crate) fn checked(files: &[(String, Checked)]) -> String {
    let line = |(file, checked): &(String, Checked)| {
        let (orders, contacts) = (orders(checked.orders), plural(checked.contacts, "contact"));
        format!("{file}: {orders}, {contacts}, nothing wrong\n")
    };
    files.iter().map(line).collect()
}

pub(crate) fn sandbox(sandbox: &Sandbox) -> String {
    let (url, key, view_only) = (
        sandbox.base_url(),
        sandbox.api_key(),
        Account::DEMO_VIEW_ONLY_KEY,
    );
    let page = url.trim_end_matches("services/v2");
    let admin = sandbox.admin_url();
    let admin = admin.map_or_else(String::new, |url| format!("admin     {url}\n"));
    let orders = sandbox.state()["orders"].as_u64().unwrap_or_default();
    format!(
        "A sandbox is listening until Ctrl-C. It is not DigiCert.\n\n\
         base URL  {url}\n\
         API key   {key}\n\
         view only {view_only}\n\
         orders    {orders}, from 100000001 on\n\
         page      {page}\n\
         {admin}\n\
         Try:\n  \
         curl {url}/order/certificate/100000001 -H 'X-DC-DEVKEY: {key}'\n  \
         DIGICERT_API_KEY={key} digicert-contacts get 100000001 --base-url {url}\n"
    )
}

/// Whom a key acts for.
pub(crate) fn user(user: &User, address: &str) -> String {
    let told = |value: Option<String>| match value {
        Some(value) => printable(&value).into_owned(),
        None => "(not told)".to_owned(),
    };
    let role = |role: &AccessRole| match (role.id, role.name.as_deref()) {
        (Some(id), Some(name)) => format!("{name} ({id})"),
        (Some(id), None) => id.to_string(),
        (None, name) => name.unwrap_or("(not told)").to_owned(),
    };
    let roles: Vec<_> = user.access_roles.iter().map(role).collect();
    let roles = (!roles.is_empty()).then(|| roles.join(", "));
    let account = user.account.as_ref().and_then(|account| account.id);
    format!(
        "user     {}\nuser id  {}\naccount  {}\nroles    {}\naddress  {address}\n",
        told(user.username.clone()),
        told(user.id.map(|id| id.to_string())),
        told(account.map(|id| id.to_string())),
        told(roles),
    )
}

/// What an export wrote.
pub(crate) fn exported(done: &ExportDone) -> String {
    let exported = done.exported;
    let (contacts, of) = (
        plural(exported.contacts, "contact"),
        orders(exported.orders),
    );
    let (mut text, left_out) = match &done.file {
        Some(file) => (
            format!("{file}: {contacts} of {of}\n"),
            " and are not in it",
        ),
        None => (format!("{contacts} of {of}, so no file was written\n"), ""),
    };
    if exported.incomplete > 0 {
        let count = plural(exported.incomplete, "contact");
        let _ = writeln!(
            text,
            "{count} with a field that could not be read and is empty here"
        );
    }
    if !done.failed.is_empty() {
        let _ = writeln!(
            text,
            "{} could not be read{left_out}",
            orders(done.failed.len())
        );
    }
    text
}

pub(crate) fn reported(file: &str, count: usize) -> String {
    format!("{file}: a report of {}\n", orders(count))
}

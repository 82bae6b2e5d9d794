//! Text for the terminal.

mod run;
mod runs;
mod search;
mod table;

use std::borrow::Cow;
use std::fmt::Write;
use std::time::Duration;

use contacts_bulk::audit::AuditReport;
use contacts_bulk::input::Checked;
use contacts_bulk::rules::RuledOrders;
use contacts_bulk::undo::{self, NotRestorable};
use contacts_bulk::{PlanSummary, PlannedOrder, State};
use contacts_core::{
    Change, ContactType, Field, FieldChange, FieldState, Order, OrderId, printable,
};
use contacts_http::{AccessRole, User};
use contacts_sandbox::{Account, Sandbox};
use unicode_width::UnicodeWidthStr;

pub(crate) use run::{rejected, report, result, resumed, stopped, verified};

pub(crate) use runs::runs;
pub(crate) use search::{asked, is_unexpected, reading, sources, unsearched};
pub(crate) use table::table;

use crate::command::export_run::Exported;
use crate::view::paint;

/// A value that the server did not send.
pub(crate) const UNKNOWN: &str = "(unknown)";
const NONE: &str = "(none)";
const NOT_READABLE: &str = "(not readable)";

/// An order of a plan, field by field.
pub(crate) fn planned(order: &PlannedOrder) -> String {
    let mut text = heading(order.order(), order.common_name(), order.status());
    match order.state() {
        State::Changes(change) => {
            text += "\n";
            text += &changes(change);
            for value in undo::warnings(order) {
                let _ = writeln!(
                    text,
                    "  {}:{}",
                    paint::warning("undo may not restore"),
                    reason(&value)
                );
            }
            text
        }
        State::Blocked(reason) => {
            let _ = writeln!(
                text,
                "\n  {}: {reason}; nothing will be sent for this order",
                paint::warning("blocked")
            );
            text
        }
        State::ReadFailed(failure) => {
            let _ = writeln!(text, "\n  {}", printable(&failure.to_string()));
            text
        }
        state => format!("{text}  {}\n", state.name()),
    }
}

fn heading(order: OrderId, common_name: Option<&str>, status: Option<&str>) -> String {
    let mut text = format!("order {order}");
    for part in [common_name, status].into_iter().flatten() {
        let _ = write!(text, "  {}", printable(part));
    }
    text
}

/// The fields that change or are kept, aligned, by contact.
fn changes(change: &Change) -> String {
    let mut text = String::new();
    for contact_type in ContactType::ALL {
        let fields = change.fields().iter();
        let fields = fields.filter(|field| field.contact_type == contact_type);
        let fields = fields.filter(|field| field.state != FieldState::Same);
        let fields: Vec<_> = fields.collect();
        if fields.iter().any(|f| f.state != FieldState::Kept) {
            let _ = writeln!(text, "  {contact_type}");
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
        let (name, pad) = (field.field, " ".repeat(widest - before.width()));
        let (before, after) = match field.state {
            FieldState::Kept => (before.into_owned(), "(kept)".to_owned()),
            _ => (
                paint::before(&before),
                paint::after(&printable(&field.after)),
            ),
        };
        let _ = writeln!(text, "    {name:<11}  {before}{pad}  ->  {after}");
    }
    text
}

fn before(field: &FieldChange) -> Cow<'_, str> {
    match field.state {
        FieldState::NotReadable => NOT_READABLE.into(),
        _ => printable(field.before.as_deref().unwrap_or(NONE)),
    }
}

/// The smallest and the largest number of requests of a run, each with the time that the rate limits
/// make it take; empty without requests.
pub(crate) fn estimate(
    what: &str,
    (min, min_time): (usize, Duration),
    (max, max_time): (usize, Duration),
) -> String {
    if max == 0 {
        return String::new();
    }
    let time = humantime::format_duration;
    let mut text = format!("to {what} it: at most {}", plural(max, "request"));
    if !max_time.is_zero() {
        let _ = write!(text, ", at least {} within the rate limits", time(max_time));
    }
    if min < max {
        let _ = write!(text, "; {min}");
        if !min_time.is_zero() {
            let _ = write!(text, " and {}", time(min_time));
        }
        text += " if the reports prove every order";
    }
    text + "\n"
}

pub(crate) fn plan_summary(plan: &PlanSummary) -> String {
    let parts = [
        (plan.changes, "to change"),
        (plan.unchanged, "unchanged"),
        (plan.blocked, "blocked"),
        (plan.read_failed, "not read"),
        (plan.unread, "to read and change"),
    ];
    format!("\nplan: {}\n", counted(plan.orders, &parts))
}

/// The counts of an audit.
pub(crate) fn audited(report: &AuditReport) -> String {
    let mut wrong: Vec<_> = report.contacts.iter().map(|found| found.order_id).collect();
    wrong.dedup();
    format!(
        "{} with findings, in {} of {}; different e-mail addresses of all contacts: {}\n",
        plural(report.contacts.len(), "contact"),
        wrong.len(),
        orders(report.orders),
        report.people,
    )
}

/// What rules make of the orders of an account, and notes about them.
pub(crate) fn ruled(ruled: &RuledOrders, notes: &[String]) -> String {
    let parts = [
        (
            ruled.orders - ruled.without_rule - ruled.without_id,
            "with a rule",
        ),
        (ruled.without_rule, "without"),
        (ruled.without_id, "without a readable id"),
    ];
    let mut text = format!("\nrules: {}\n", counted(ruled.orders, &parts));
    for note in notes {
        text += note;
        text.push('\n');
    }
    text
}

/// A note for each rule without an effect.
pub(crate) fn unused_rules(ruled: &RuledOrders) -> Vec<String> {
    let lines = ruled.unused_rules.iter();
    lines
        .map(|line| format!("the rule on line {line} decides no contact of an order"))
        .collect()
}

/// The last line of a plan.
pub(crate) fn saved(file: Option<(&str, &str)>) -> String {
    match file {
        Some((name, digest)) => {
            format!("saved to {name}; nothing was changed\ndigest: {digest}\n")
        }
        None => "nothing was changed\n".to_owned(),
    }
}

/// Orders whose overwritten contacts are not known.
pub(crate) fn not_refreshed(count: usize) -> String {
    let count = orders(count);
    format!(
        "{count} had --no-refresh: the undo restores the contacts of the plan, which may be older \
         than those that were overwritten"
    )
}

/// What an undo cannot restore, and why.
pub(crate) fn not_restorable(values: &[NotRestorable]) -> String {
    let mut text = String::new();
    if !values.is_empty() {
        text += "\nnot restorable:\n";
    }
    for value in values {
        let _ = writeln!(text, "  {} {}", value.order_id, reason(value));
    }
    text
}

/// Which value cannot be restored, and why.
fn reason(value: &NotRestorable) -> String {
    let mut text = String::new();
    if let Some(contact_type) = value.contact_type {
        let _ = write!(text, " {contact_type}");
    }
    if let Some(field) = value.field {
        let _ = write!(text, " {field}");
    }
    let _ = write!(text, ": {}", value.reason);
    if let Some(rule) = value.rule {
        let _ = write!(text, " ({rule})");
    }
    text
}

/// A number of orders, and how many of them are in each part.
fn counted(total: usize, parts: &[(usize, &str)]) -> String {
    let mut text = orders(total);
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    for (index, (count, label)) in parts.enumerate() {
        let separator = if index == 0 { ": " } else { ", " };
        let _ = write!(text, "{separator}{count} {label}");
    }
    text
}

/// A number of orders, in words.
pub(crate) fn orders(count: usize) -> String {
    plural(count, "order")
}

fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

/// An order and its contacts.
pub(crate) fn order(id: OrderId, order: &Order) -> String {
    let mut text = heading(id, order.common_name.as_deref(), order.status.as_deref());
    let product = order.product.as_ref();
    if let Some(name) = product.and_then(|product| product.name.as_deref()) {
        let _ = write!(text, "  {}", printable(name));
    }
    text += "\n";
    for contact_type in ContactType::ALL {
        let Some(contact) = order.contact(contact_type) else {
            let _ = writeln!(text, "  {contact_type}  {NONE}");
            continue;
        };
        let _ = writeln!(text, "  {contact_type}");
        for field in Field::TEXT {
            let value = match contact.get(field) {
                Some(value) => printable(value),
                // DigiCert never returns `language_id`.
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
        format!("{file}: {orders}, {contacts}, no problems\n")
    };
    files.iter().map(line).collect()
}

pub(crate) fn sandbox(sandbox: &Sandbox) -> String {
    let (url, key) = (sandbox.base_url(), sandbox.api_key());
    let view_only = Account::DEMO_VIEW_ONLY_KEY;
    let page = url.trim_end_matches("services/v2");
    let admin = sandbox.admin_url();
    let admin = admin.map_or_else(String::new, |url| format!("admin     {url}\n"));
    let orders = sandbox.state()["orders"].as_u64().unwrap_or_default();
    format!(
        "The sandbox is running; stop it with Ctrl-C. It is not DigiCert.\n\n\
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

/// The user of an API key.
pub(crate) fn user(user: &User, base_url: &str) -> String {
    let or_unknown = |value: Option<String>| match value {
        Some(value) => printable(&value).into_owned(),
        None => UNKNOWN.to_owned(),
    };
    let role = |role: &AccessRole| match (role.id, role.name.as_deref()) {
        (Some(id), Some(name)) => format!("{name} ({id})"),
        (Some(id), None) => id.to_string(),
        (None, name) => name.unwrap_or(UNKNOWN).to_owned(),
    };
    let roles: Vec<_> = user.access_roles.iter().map(role).collect();
    let roles = (!roles.is_empty()).then(|| roles.join(", "));
    format!(
        "user      {}\nuser id   {}\naccount   {}\nroles     {}\nbase URL  {base_url}\n",
        or_unknown(user.username.clone()),
        or_unknown(user.id.map(|id| id.to_string())),
        or_unknown(user.account_id.map(|id| id.to_string())),
        or_unknown(roles),
    )
}

pub(crate) fn exported(exported: &Exported) -> String {
    let summary = exported.summary;
    let contacts = plural(summary.contacts, "contact");
    let read = orders(summary.orders);
    let (mut text, missing) = match &exported.file {
        Some(file) => (
            format!("{file}: {contacts} of {read}\n"),
            " and are missing from the file",
        ),
        None => ("no file was written\n".to_owned(), ""),
    };
    if summary.incomplete > 0 {
        let count = plural(summary.incomplete, "contact");
        let _ = writeln!(
            text,
            "{count} with an unreadable field, which is empty in the file"
        );
    }
    if !exported.missing.failed.is_empty() {
        let failed = orders(exported.missing.failed.len());
        let _ = writeln!(text, "{failed} could not be read{missing}");
    }
    text
}

/// Listed orders that cannot be read, because their id is not known.
pub(crate) fn without_id(count: usize) -> String {
    let have = if count == 1 {
        "order has"
    } else {
        "orders have"
    };
    format!("{count} listed {have} no readable id, so their contacts are missing\n")
}

pub(crate) fn reported(file: &str, count: usize) -> String {
    format!("{file}: report of {}\n", orders(count))
}

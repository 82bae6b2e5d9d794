//! A plan as Markdown, for the comment of a pull request.

use std::fmt::Write;

use contacts_core::{FieldChange, FieldState, printable};

use crate::plan::Plan;
use crate::plan::order::{PlannedOrder, State};
use crate::undo;

/// The longest document, in bytes. A comment on GitHub has at most 65,536 characters; other text may
/// stand around it.
const MAX_SIZE: usize = 60_000;
/// Enough for the lines that say what was left out.
const RESERVED: usize = 500;
/// The most notes.
const MAX_NOTES: usize = 20;

/// Whether the values of contacts are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// The values before and after the change.
    #[default]
    Shown,
    /// Only the names of the fields.
    Redacted,
}

/// A plan as Markdown of at most 60,000 bytes, which fits in a comment on GitHub or GitLab: a summary, a
/// table of the orders, and the values of their fields in a folded section. What does not fit is counted.
/// `digest` is that of the saved plan, and `notes` are shown below the summary, at most 20 of them.
///
/// ```
/// use contacts_bulk::report::{Values, plan_as_markdown};
/// use contacts_bulk::{Input, Plan};
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,A,B,a@example.com\n";
/// let plan = Plan::unread(Input::from_csv(file)?);
/// let markdown = plan_as_markdown(&plan, Values::Redacted, None, &[]);
/// assert!(markdown.starts_with("### DigiCert contacts: 1 order to change\n"));
/// assert!(markdown.contains("| 7 | | | to read and change | technical_contact: first_name, last_name, email |\n"));
/// # Ok::<(), contacts_bulk::Problems>(())
/// ```
#[must_use]
pub fn plan_as_markdown(
    plan: &Plan,
    values: Values,
    digest: Option<&str>,
    notes: &[String],
) -> String {
    let mut text = head(plan) + &list(notes);
    if let Some(digest) = digest {
        let _ = writeln!(text, "\nDigest of the plan: `{digest}`");
    }
    let shown = plan.orders().iter().filter(|order| !is_unchanged(order));
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() {
        return text;
    }
    text += "\n| order | common name | status | plan | fields |\n|---|---|---|---|---|\n";
    // The other half is for the values.
    let budget = MAX_SIZE / if values == Values::Shown { 2 } else { 1 };
    let rows = shown.iter().map(|order| row(order));
    let omitted = append(&mut text, rows, budget);
    if omitted > 0 {
        let _ = writeln!(text, "\n{omitted} more orders are not shown here.");
    }
    let changes = shown.iter().flat_map(|order| field_rows(order));
    let changes: Vec<_> = changes.collect();
    if values == Values::Shown && !changes.is_empty() {
        text += "\n<details><summary>Values</summary>\n\n\
                 | order | contact | field | before | after |\n|---|---|---|---|---|\n";
        let omitted = append(&mut text, changes.into_iter(), MAX_SIZE);
        if omitted > 0 {
            let _ = writeln!(text, "\n{omitted} more fields are not shown here.");
        }
        text += "\n</details>\n";
    }
    text
}

fn head(plan: &Plan) -> String {
    let summary = plan.summary();
    let changes = summary.changes + summary.unread;
    let s = if changes == 1 { "" } else { "s" };
    let mut text = match changes {
        0 => "### DigiCert contacts: nothing to change\n\n".to_owned(),
        _ => format!("### DigiCert contacts: {changes} order{s} to change\n\n"),
    };
    text += "| | orders |\n|---|--:|\n";
    for (count, label) in [
        (summary.changes, "to change"),
        (summary.unread, "to read and change"),
        (summary.unchanged, "unchanged"),
        (summary.blocked, "blocked"),
        (summary.read_failed, "not read"),
    ] {
        if count > 0 {
            let _ = writeln!(text, "| {label} | {count} |");
        }
    }
    let warnings = plan
        .orders()
        .iter()
        .filter(|order| !undo::warnings(order).is_empty());
    match warnings.count() {
        0 => text,
        count => format!("{text}| of them, an undo may not restore everything | {count} |\n"),
    }
}

fn list(notes: &[String]) -> String {
    let mut text = String::new();
    for note in notes.iter().take(MAX_NOTES) {
        let _ = write!(text, "\n- {}", code(note));
    }
    match notes.len() {
        0 => text,
        1..=MAX_NOTES => text + "\n",
        count => format!("{text}\n- and {} more\n", count - MAX_NOTES),
    }
}

/// Appends rows while the text stays shorter than `budget`. Returns how many were left out.
fn append(text: &mut String, mut rows: impl Iterator<Item = String>, budget: usize) -> usize {
    while let Some(row) = rows.next() {
        if text.len() + row.len() + RESERVED > budget {
            return 1 + rows.count();
        }
        *text += &row;
    }
    0
}

fn row(order: &PlannedOrder) -> String {
    let (state, fields) = match order.state() {
        State::Changes(_) => ("to change".to_owned(), fields(order)),
        State::Unread => ("to read and change".to_owned(), fields(order)),
        State::Unchanged => ("unchanged".to_owned(), String::new()),
        State::Blocked(reason) => (format!("blocked: {reason}"), String::new()),
        State::ReadFailed(failure) => (
            format!("not read: {}", code(&failure.to_string())),
            String::new(),
        ),
    };
    let name = order.common_name().map(code).unwrap_or_default();
    let status = order.status().map(code).unwrap_or_default();
    let row = format!(
        "| {} | {name} | {status} | {state} | {fields} |\n",
        order.order()
    );
    row.replace("|  ", "| ")
}

fn is_unchanged(order: &PlannedOrder) -> bool {
    matches!(order.state(), State::Unchanged)
}

/// The names of the fields that are set, by contact.
pub(super) fn fields(order: &PlannedOrder) -> String {
    let contacts = order.update().contacts().map(|(contact_type, contact)| {
        let names: Vec<_> = match order.state() {
            State::Changes(change) => {
                let fields = change.fields().iter();
                let fields = fields.filter(|f| f.contact_type == contact_type && is_set(f));
                fields.map(|field| field.field.as_str()).collect()
            }
            _ => contact.fields().map(|(field, _)| field.as_str()).collect(),
        };
        (contact_type, names)
    });
    let contacts = contacts.filter(|(_, names)| !names.is_empty());
    let contacts = contacts.map(|(of, names)| format!("{}: {}", of.as_str(), names.join(", ")));
    contacts.collect::<Vec<_>>().join("; ")
}

const fn is_set(field: &FieldChange) -> bool {
    matches!(field.state, FieldState::Changes | FieldState::NotReadable)
}

fn field_rows(order: &PlannedOrder) -> Vec<String> {
    let State::Changes(change) = order.state() else {
        return Vec::new();
    };
    let fields = change.fields().iter().filter(|field| is_set(field));
    let rows = fields.map(|field| {
        let before = match (&field.before, field.state) {
            (Some(before), _) => code(before),
            (None, FieldState::NotReadable) => "not readable".to_owned(),
            (None, _) => "none".to_owned(),
        };
        let (id, after) = (order.order(), code(&field.after));
        let (of, name) = (field.contact_type.as_str(), field.field.as_str());
        format!("| {id} | {of} | {name} | {before} | {after} |\n")
    });
    rows.collect()
}

/// A text as code, in which no character has a meaning: GitHub links no addresses and mentions nobody
/// in it.
fn code(text: &str) -> String {
    let mut safe = "<code>".to_owned();
    for c in printable(text).chars() {
        if c.is_ascii_punctuation() && !"-.,".contains(c) {
            let _ = write!(safe, "&#{};", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe + "</code>"
}

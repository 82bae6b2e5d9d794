//! Validates the values of a row. Everything that is wrong with them is found at once.

use contacts_core::{
    Contact, ContactDraft, ContactType, ContactsUpdate, Field, JsonType, OrderId, Rule,
};

use crate::input::header::ORDER_ID;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::ProblemCollector;
use crate::input::row::{Cell, FlatRow, NestedRow, Position};

/// A valid contact with its order and type.
pub(super) type Placed = (OrderId, ContactType, Option<Contact>);

/// The contact of a flat row, without its values if something is wrong with them; `None` if it is
/// not clear to which order it belongs.
pub(super) fn flat(row: &FlatRow<'_>, problems: &mut ProblemCollector) -> Option<Placed> {
    let order = order_id(&row.order_id, row.position, problems);
    let contact_type = contact_type(row, problems);
    let contact = contact(row, problems);
    Some((order?, contact_type?, contact))
}

/// The order and the update of a nested row, if both are valid.
pub(super) fn nested(
    row: NestedRow<'_>,
    problems: &mut ProblemCollector,
) -> Option<(OrderId, ContactsUpdate)> {
    let position = row.position;
    let built = row.update.build();
    let violations = built
        .as_ref()
        .err()
        .map_or(&[][..], |violations| violations);
    let is_object = !violations.iter().any(|v| v.path().to_string().is_empty());
    // A value that is not an object has no members to report.
    let order = is_object.then(|| order_id(&row.order_id, position, problems));
    for violation in violations {
        problems.push(Problem::of_violation(position, violation));
    }
    Some((order??, built.ok()?))
}

fn order_id(
    cell: &Cell<'_>,
    position: Position,
    problems: &mut ProblemCollector,
) -> Option<OrderId> {
    let parsed = match cell {
        Cell::Text(text) => match OrderId::parse(text) {
            Err(_) if is_spreadsheet_number(text) => Err(ProblemKind::SpreadsheetNumber),
            parsed => parsed.map_err(|v| ProblemKind::of(&v)),
        },
        Cell::Integer(number) => OrderId::try_from(*number).map_err(|v| ProblemKind::of(&v)),
        Cell::WrongType(_) => Err(ProblemKind::Rule(Rule::OrderIdFormat)),
        cell => Err(required(cell)),
    };
    let push = |kind| problems.push(Problem::in_column(position, ORDER_ID, kind));
    parsed.map_err(push).ok()
}

fn contact_type(row: &FlatRow<'_>, problems: &mut ProblemCollector) -> Option<ContactType> {
    let parsed = match &row.contact_type {
        Cell::Text(text) => ContactType::parse(text).map_err(|v| ProblemKind::of(&v)),
        cell => Err(required(cell)),
    };
    let column = Field::ContactType.as_str();
    let push = |kind| problems.push(Problem::in_column(row.position, column, kind));
    parsed.map_err(push).ok()
}

fn contact(row: &FlatRow<'_>, problems: &mut ProblemCollector) -> Option<Contact> {
    let cells = || Field::TEXT.into_iter().zip(&row.fields);
    let mut draft = ContactDraft::default();
    for (field, cell) in cells() {
        draft = match cell {
            Cell::Text(text) => draft.set(field, text.as_ref()),
            Cell::Integer(id) if field == Field::LanguageId => draft.set(field, id.to_string()),
            _ => draft,
        };
    }
    let built = draft.build();
    let all_readable = cells().all(|(field, cell)| unreadable(field, cell).is_none());
    if all_readable
        && row.unknown.is_empty()
        && let Ok(contact) = built
    {
        return Some(contact);
    }
    for (field, cell) in cells() {
        let mut push = |kind| problems.push(Problem::in_column(row.position, field.as_str(), kind));
        if let Some(kind) = unreadable(field, cell) {
            push(kind);
        } else if let Err(violations) = &built {
            let of_field = violations
                .iter()
                .filter(|v| v.path().field() == Some(field));
            of_field.for_each(|violation| push(ProblemKind::of(violation)));
        }
    }
    for violation in &row.unknown {
        problems.push(Problem::of_violation(row.position, violation));
    }
    None
}

/// What is wrong with a cell that must hold a string and does not.
fn required(cell: &Cell<'_>) -> ProblemKind {
    unreadable(Field::ContactType, cell).unwrap_or(ProblemKind::Rule(Rule::Required))
}

/// Why the value of a field cannot be read, if it has one.
fn unreadable(field: Field, cell: &Cell<'_>) -> Option<ProblemKind> {
    let found = match cell {
        Cell::Empty | Cell::Text(_) => return None,
        Cell::Integer(_) if field == Field::LanguageId => return None,
        Cell::NotUtf8 => return Some(ProblemKind::NotUtf8),
        Cell::Integer(_) => JsonType::Number,
        Cell::WrongType(found) => *found,
    };
    let expected = JsonType::String;
    Some(ProblemKind::Rule(Rule::WrongType { expected, found }))
}

/// Whether a spreadsheet writes a long number like this: `1.23E+08`, in some countries with a comma.
fn is_spreadsheet_number(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_number = match number.split_once(['.', ',']) {
        Some((integer, fraction)) => is_digits(integer) && is_digits(fraction),
        None => is_digits(number),
    };
    is_number && is_digits(exponent.strip_prefix('+').unwrap_or(exponent))
}

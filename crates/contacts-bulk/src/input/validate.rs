//! Validates the values of a row. Everything that is wrong with them is found at once.

use contacts_core::{
    Contact, ContactDraft, ContactType, ContactsUpdate, Field, JsonType, OrderId, Path, Rule,
    Violation, surrounding_character,
};

use crate::input::header::{self, Column, ORDER_ID};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::ProblemCollector;
use crate::input::row::{Cell, FlatRow, NestedRow, Position};
use crate::input::{ReadOptions, spreadsheet};

/// A valid contact with its order and type.
pub(super) type Placed = (OrderId, ContactType, Option<Contact>);

/// The contact of a flat row, without its values if something is wrong with them; `None` if it is
/// not clear to which order it belongs.
pub(super) fn flat(
    mut row: FlatRow<'_>,
    options: &ReadOptions,
    problems: &mut ProblemCollector,
) -> Option<Placed> {
    row.apply(options);
    let order = order_id(&row.order_id, row.position, problems);
    let contact_type = contact_type(&row, problems);
    let contact = contact(&row, problems);
    Some((order?, contact_type?, contact))
}

/// The order and the update of a nested row, if both are valid.
pub(super) fn nested(
    row: NestedRow<'_>,
    problems: &mut ProblemCollector,
) -> Option<(OrderId, ContactsUpdate)> {
    let position = row.position;
    let damaged = row.update.texts().filter_map(|(path, text)| {
        let kind = spreadsheet::damage(Column::Field(path.field()?), text)?;
        Some((path.to_string(), kind))
    });
    let damaged: Vec<_> = damaged.collect();
    let built = row.update.build();
    let violations = built.as_ref().err();
    let violations = violations.map_or(&[][..], |violations| violations);
    let is_object = !violations.iter().any(|v| v.path().to_string().is_empty());
    // A value that is not an object has no members to report.
    let order = is_object.then(|| order_id(&row.order_id, position, problems));
    let is_damaged = |path: &Path| {
        damaged
            .iter()
            .any(|(damaged, _)| *damaged == path.to_string())
    };
    for violation in violations.iter().filter(|v| !is_damaged(v.path())) {
        problems.push(Problem::of_violation(position, violation));
    }
    let is_whole = damaged.is_empty();
    for (path, kind) in damaged {
        problems.push(Problem::new(position, Some(path.into()), kind));
    }
    let (order, update) = (order??, built.ok()?);
    is_whole.then_some((order, update))
}

pub(super) fn order_id(
    cell: &Cell<'_>,
    position: Position,
    problems: &mut ProblemCollector,
) -> Option<OrderId> {
    let parsed = match cell {
        Cell::Text(text) => match OrderId::parse(text) {
            Ok(order) => return Some(order),
            Err(violation) => Err(text_problem(Column::OrderId, text, &violation)),
        },
        Cell::Integer(number) => OrderId::try_from(*number).map_err(|v| ProblemKind::of(&v)),
        Cell::WrongType(_) => Err(ProblemKind::Rule(Rule::OrderIdFormat)),
        cell => Err(required(cell)),
    };
    let push = |kind| problems.push(Problem::in_column(position, ORDER_ID, kind));
    parsed.map_err(push).ok()
}

pub(super) fn contact_type(
    row: &FlatRow<'_>,
    problems: &mut ProblemCollector,
) -> Option<ContactType> {
    let parsed = match &row.contact_type {
        Cell::Text(text) => ContactType::parse(text)
            .map_err(|v| text_problem(Column::Field(Field::ContactType), text, &v)),
        cell => Err(required(cell)),
    };
    let column = Field::ContactType.as_str();
    let push = |kind| problems.push(Problem::in_column(row.position, column, kind));
    parsed.map_err(push).ok()
}

/// What is wrong with a text that is not valid: the cause, if one is known.
fn text_problem(column: Column, text: &str, violation: &Violation) -> ProblemKind {
    spreadsheet::damage(column, text).unwrap_or_else(|| match surrounding_character(text) {
        Some(removed) => ProblemKind::Rule(Rule::SurroundingWhiteSpace(removed)),
        None => ProblemKind::of(violation),
    })
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
    let all_readable = cells().all(|(field, cell)| cell_problem(field, cell).is_none());
    if all_readable
        && row.unknown.is_empty()
        && let Ok(contact) = built
    {
        return Some(contact);
    }
    for (field, cell) in cells() {
        let mut push = |kind| problems.push(Problem::in_column(row.position, field.as_str(), kind));
        if let Some(kind) = cell_problem(field, cell) {
            push(kind);
        } else if let Err(violations) = &built {
            let of_field = violations
                .iter()
                .filter(|v| v.path().field() == Some(field));
            of_field.for_each(|violation| push(ProblemKind::of(violation)));
        }
    }
    for name in &row.unknown {
        problems.push(header::unknown(row.position, name));
    }
    None
}

/// What is wrong with a cell that must hold a string and does not.
fn required(cell: &Cell<'_>) -> ProblemKind {
    cell_problem(Field::ContactType, cell).unwrap_or(ProblemKind::Rule(Rule::Required))
}

/// Why a cell does not hold the value of a field, if that is so.
fn cell_problem(field: Field, cell: &Cell<'_>) -> Option<ProblemKind> {
    let found = match cell {
        Cell::Empty => return None,
        Cell::Text(text) => return spreadsheet::damage(Column::Field(field), text),
        Cell::Integer(_) if field == Field::LanguageId => return None,
        Cell::NotUtf8 => return Some(ProblemKind::NotUtf8),
        Cell::Damaged(kind) => return Some(kind.clone()),
        Cell::Integer(_) => JsonType::Number,
        Cell::WrongType(found) => *found,
    };
    let expected = JsonType::String;
    Some(ProblemKind::Rule(Rule::WrongType { expected, found }))
}

//! From JSON lines to what is wanted of each order.
//!
//! What an update may look like is the core's to say. Here each line is split into its order id
//! and the rest, which is handed on as it stands.

use std::borrow::Cow;
use std::fmt;

use contacts_core::{ContactsUpdate, OrderId, ReadError, Rule, Violations};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::input::column::ORDER_ID;
use crate::input::gathering::Gathering;
use crate::input::problem::{Problem, ProblemKind};

pub(crate) fn read(text: &[u8], into: &mut Gathering) {
    let lines = text.split(|byte| *byte == b'\n');
    // Kept from line to line, so that it is not allocated for each.
    let mut rest = Vec::new();
    for (line, text) in (1..).zip(lines) {
        if !text.trim_ascii().is_empty() {
            into.entries += 1;
            object(text.trim_ascii_end(), line, &mut rest, into);
        }
    }
    if into.entries == 0 {
        into.problems
            .push(Problem::of_line(1, ProblemKind::NoLines));
    }
}

fn object(text: &[u8], line: u64, rest: &mut Vec<u8>, into: &mut Gathering) {
    let Ok(utf8) = str::from_utf8(text) else {
        let problem = Problem::of_line(line, ProblemKind::NotUtf8);
        return into.problems.push(problem);
    };
    if !utf8.trim_start().starts_with('{') {
        // Not an object, or no JSON; the core says which.
        return match ContactsUpdate::from_json(text) {
            Ok(_) => {}
            Err(error) => refuse(error, line, into),
        };
    }
    let split = match serde_json::from_str::<Split<'_>>(utf8) {
        Ok(split) => split,
        Err(error) => return refuse(error.into(), line, into),
    };
    let order = order_id(&split, line, into);
    split.write_rest(rest);
    match ContactsUpdate::from_json(rest) {
        Err(error) => refuse(error, line, into),
        Ok(update) => {
            let Some(order) = order else { return };
            let [organization, technical] = contacts_core::ContactType::ALL
                .map(|kind| update.contact(kind).cloned().map(|contact| (kind, contact)));
            for (kind, contact) in organization.into_iter().chain(technical) {
                into.place(order, kind, line, Some(contact));
            }
        }
    }
}

fn refuse(error: ReadError, line: u64, into: &mut Gathering) {
    match error {
        ReadError::Violations(violations) => violated(&violations, line, into),
        ReadError::Syntax { column, reason, .. } => {
            let kind = ProblemKind::NotJson { column, reason };
            into.problems.push(Problem::of_line(line, kind));
        }
        _ => {
            let kind = ProblemKind::NotJson {
                column: 1,
                reason: "it can't be read".to_owned(),
            };
            into.problems.push(Problem::of_line(line, kind));
        }
    }
}

fn violated(violations: &Violations, line: u64, into: &mut Gathering) {
    for violation in violations.iter() {
        let path = violation.path().to_string();
        let path = (!path.is_empty()).then_some(Cow::Owned(path));
        let kind = ProblemKind::Rule(violation.rule().clone());
        into.problems.push(Problem::new(line, path, kind));
    }
}

/// The members of a line's object.
struct Split<'a> {
    order_ids: Vec<&'a RawValue>,
    /// All others, with their names.
    others: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl Split<'_> {
    /// The object without its order id.
    fn write_rest(&self, rest: &mut Vec<u8>) {
        rest.clear();
        rest.push(b'{');
        for (n, (name, value)) in self.others.iter().enumerate() {
            if n > 0 {
                rest.push(b',');
            }
            // A text can't fail to be written into memory.
            let _ = serde_json::to_writer(&mut *rest, name);
            rest.push(b':');
            rest.extend_from_slice(value.get().as_bytes());
        }
        rest.push(b'}');
    }
}

/// The order's id, as a text or as an integer.
fn order_id(split: &Split<'_>, line: u64, into: &mut Gathering) -> Option<OrderId> {
    let mut wrong = |rule| {
        let problem = Problem::of_column(line, ORDER_ID, ProblemKind::Rule(rule));
        into.problems.push(problem);
        None
    };
    let value = match split.order_ids[..] {
        [] => return wrong(Rule::Required),
        [value] => value.get(),
        _ => return wrong(Rule::DuplicateField),
    };
    let text: Cow<'_, str> = match serde_json::from_str::<Text<'_>>(value) {
        Ok(text) => text.0,
        Err(_) => value.into(),
    };
    match OrderId::parse(&text) {
        Ok(order) => Some(order),
        Err(violation) => wrong(violation.rule().clone()),
    }
}

/// A text, borrowed where it holds no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Split<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Split<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut split = Split {
            order_ids: Vec::new(),
            others: Vec::new(),
        };
        while let Some((name, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            if name.0 == ORDER_ID {
                split.order_ids.push(value);
            } else {
                split.others.push((name.0, value));
            }
        }
        Ok(split)
    }
}

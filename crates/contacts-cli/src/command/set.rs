use contacts_bulk::report::RunDocument;
use contacts_bulk::{Input, Plan, RunEvent, RunSettings};
use contacts_core::{ContactDraft, ContactType, ContactsUpdate, Field, OrderId, UpdateDraft};

use crate::args::Set;
use crate::command::run::finish;
use crate::command::{input, plan};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

const CONTACTS: &str = concat!(
    r#"contacts as a JSON object, such as {"technical_contact": "#,
    r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}}"#,
);

pub(crate) fn run(args: &Set, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    session.require_yes_for_json(args.yes)?;
    let order = OrderId::parse(&args.order).map_err(CommandError::usage)?;
    let update = match &args.from_json {
        Some(file) => input::read_json(file, CONTACTS, ContactsUpdate::from_json, session)?,
        None => from_options(args)?,
    };
    let connected = connection::open(&args.connection, session)?;
    let plan = plan::with_progress(1, session, |progress| {
        Plan::fetch(Input::single(order, update), &connected.client, progress)
    })?;
    let changes = plan.summary().changes;
    if changes > 0 {
        session.text("\n");
    }
    session.confirm(changes, args.yes)?;
    let settings = RunSettings::default();
    let report = plan.apply(&settings, &connected.client, |event| {
        if let RunEvent::Finished(order) = event
            && changes > 0
        {
            session.text(&view::text::result(order));
        }
    });
    if session.json {
        session.document(&RunDocument::new(&plan, &report));
    }
    Ok(finish(&report, None, session))
}

/// The contacts of `--technical` and `--organization`.
fn from_options(args: &Set) -> Result<ContactsUpdate, CommandError> {
    let options = [
        (
            ContactType::Organization,
            "organization",
            &args.organization,
        ),
        (ContactType::Technical, "technical", &args.technical),
    ];
    let mut draft = UpdateDraft::default();
    let mut names = Vec::new();
    for (contact_type, option, text) in options {
        if let Some(text) = text {
            draft.push(contact_type.as_str(), parse_contact(option, text)?);
            names.push(option);
        }
    }
    draft.build().map_err(|violations| {
        // The user wrote options, not `contacts[n]`.
        let lines = input::listed(&violations, |violation| {
            let (path, rule) = (violation.path(), violation.rule());
            let option = path.contact_index().and_then(|index| names.get(index));
            match (option, path.field()) {
                (Some(option), Some(field)) => format!("--{option}: {field}: {rule}"),
                _ => violation.to_string(),
            }
        });
        CommandError::usage(format!("invalid contacts, nothing was sent:{lines}"))
    })
}

/// Parses `first_name=Jane,last_name=Doe`. A comma is part of the value unless a name and `=` follow
/// it, so `job_title=Head, IT` needs no quotes.
fn parse_contact<'a>(option: &str, text: &'a str) -> Result<ContactDraft<'a>, CommandError> {
    let mut draft = ContactDraft::default();
    let mut seen = Vec::new();
    for pair in pairs(text) {
        let Some((name, value)) = pair.split_once('=') else {
            let message = format!("--{option}: expected `FIELD=VALUE,...`");
            return Err(CommandError::usage(message));
        };
        let name = name.trim();
        let field = Field::parse(name)
            .ok()
            .filter(|field| *field != Field::ContactType);
        let Some(field) = field else {
            return Err(CommandError::usage(unknown_field(option, name)));
        };
        if seen.contains(&field) {
            return Err(CommandError::usage(format!(
                "--{option}: `{field}` is given twice"
            )));
        }
        seen.push(field);
        draft = draft.set(field, value);
    }
    Ok(draft)
}

fn unknown_field(option: &str, name: &str) -> String {
    let hint = match Field::nearest(name) {
        Some(field) if field != Field::ContactType => format!("; did you mean `{field}`?"),
        _ => {
            let names = Field::TEXT.map(Field::as_str).join(", ");
            format!("; the fields are {names}; use --from-json for a value with `,` and `=`")
        }
    };
    format!("--{option}: unknown field{hint}")
}

/// Splits at each comma that a name and `=` follow.
fn pairs(text: &str) -> Vec<&str> {
    let starts_pair = |rest: &str| {
        let name = rest.trim_start();
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        end.is_some_and(|end| end > 0 && name[end..].starts_with('='))
    };
    let mut pairs = Vec::new();
    let mut start = 0;
    for (comma, _) in text.match_indices(',') {
        if starts_pair(&text[comma + 1..]) {
            pairs.push(&text[start..comma]);
            start = comma + 1;
        }
    }
    pairs.push(&text[start..]);
    pairs
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_comma_starts_a_field_only_before_a_name_and_an_equals_sign() {
        for (text, expected) in [
            ("a=1,b=2", vec!["a=1", "b=2"]),
            ("a=Head, IT,b=2", vec!["a=Head, IT", "b=2"]),
            ("a=1, b=2", vec!["a=1", " b=2"]),
            ("a=x,=y", vec!["a=x,=y"]),
            ("a=x,y z=1", vec!["a=x,y z=1"]),
            ("a=,", vec!["a=,"]),
            ("", vec![""]),
        ] {
            assert_eq!(pairs(text), expected, "{text}");
        }
    }
}

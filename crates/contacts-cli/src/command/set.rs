use std::path::Path;

use contacts_bulk::{Input, Plan, RunDocument};
use contacts_core::{
    ContactDraft, ContactType, ContactsUpdate, Field, OrderId, ReadError, UpdateDraft, Violation,
};

use crate::abort::{Abort, exit_of};
use crate::args::Set;
use crate::command::{consent, ending};
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Set, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    consent::possible(args.output.json, args.yes)?;
    let order =
        OrderId::parse(&args.order).map_err(|violation| Abort::usage(violation.to_string()))?;
    let update = match &args.from_json {
        Some(file) => from_json(file, io, stop)?,
        None => from_options(args)?,
    };
    let connected = connection::open(&args.connection, io, stop)?;
    let client = &connected.client;
    let text = !args.output.json;
    let plan = Plan::new(Input::single(order, update), client, |order| {
        if text {
            io.out(&view::text::planned(order));
        }
    });
    let plan =
        plan.map_err(|stopped| Abort::new(exit_of(stopped.failure()), stopped.to_string()))?;
    let changes = plan.summary().changes > 0;
    if text && changes {
        io.out("\n");
    }
    consent::permit(plan.summary().changes, args.yes, io, stop)?;
    let report = plan.apply(client, true, |result| {
        if text && changes {
            io.out(&view::text::result(result));
        }
    });
    if !text {
        view::json::long_document(&RunDocument::new(&plan, &report), io);
    }
    Ok(ending::exit(&report, None, io))
}

fn from_json(file: &Path, io: &mut Io<'_>, stop: &Stop) -> Result<ContactsUpdate, Abort> {
    let name = source::name(file);
    let unusable = |why: &dyn std::fmt::Display| {
        Abort::new(Exit::BadInput, format!("`{name}` can't be used:{why}"))
    };
    let bytes = source::read(file, io, stop)?.map_err(|error| unusable(&format!(" {error}")))?;
    ContactsUpdate::from_json(&bytes).map_err(|error| match error {
        ReadError::Violations(violations) => unusable(&listed(&violations, Violation::to_string)),
        error => unusable(&format!(" {error}")),
    })
}

/// The contacts of `--technical` and `--organization`.
fn from_options(args: &Set) -> Result<ContactsUpdate, Abort> {
    let given = [
        (
            ContactType::Organization,
            "organization",
            &args.organization,
        ),
        (ContactType::Technical, "technical", &args.technical),
    ];
    let given = given
        .into_iter()
        .filter_map(|(kind, option, text)| Some((kind, option, text.as_deref()?)));
    let mut draft = UpdateDraft::default();
    let mut options = Vec::new();
    for (kind, option, text) in given {
        draft.push(kind.as_str(), contact(option, text)?);
        options.push(option);
    }
    draft.build().map_err(|violations| {
        // `contacts[n]` means nothing to who wrote an option.
        let told = listed(&violations, |violation| {
            let (path, rule) = (violation.path(), violation.rule());
            let option = path.contact_index().and_then(|at| options.get(at));
            match (option, path.field()) {
                (Some(option), Some(field)) => format!("--{option}: {field}: {rule}"),
                _ => violation.to_string(),
            }
        });
        Abort::usage(format!("the contacts can't be used:{told}"))
    })
}

fn listed(violations: &[Violation], line: impl Fn(&Violation) -> String) -> String {
    let lines = violations
        .iter()
        .map(|violation| format!("\n  {}", line(violation)));
    lines.collect()
}

/// Reads `first_name=Jane,last_name=Doe`. A comma is part of the value unless a name and `=` come
/// after it, so that `job_title=Head, IT` needs no quoting.
fn contact<'a>(option: &str, text: &'a str) -> Result<ContactDraft<'a>, Abort> {
    let mut draft = ContactDraft::default();
    let mut seen = Vec::new();
    for pair in pairs(text) {
        let Some((name, value)) = pair.split_once('=') else {
            let message = format!("--{option}: `FIELD=VALUE,...` is expected");
            return Err(Abort::usage(message));
        };
        let name = name.trim();
        let field = Field::parse(name)
            .ok()
            .filter(|field| *field != Field::ContactType);
        let Some(field) = field else {
            return Err(Abort::usage(unknown(option, name)));
        };
        if seen.contains(&field) {
            return Err(Abort::usage(format!("--{option}: {field}: given twice")));
        }
        seen.push(field);
        draft = draft.set(field, value);
    }
    Ok(draft)
}

fn unknown(option: &str, name: &str) -> String {
    let hint = match Field::nearest(name) {
        Some(field) if field != Field::ContactType => format!("; did you mean `{field}`?"),
        _ => {
            let names = Field::TEXT.map(Field::as_str).join(", ");
            format!("; the fields are {names}; a value that holds `,` and `=` needs --from-json")
        }
    };
    format!("--{option}: unknown field{hint}")
}

/// Splits at each comma that has a name and `=` behind it.
fn pairs(text: &str) -> Vec<&str> {
    let begins_pair = |rest: &str| {
        let name = rest.trim_start();
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        end.is_some_and(|end| end > 0 && name[end..].starts_with('='))
    };
    let mut pairs = Vec::new();
    let mut begin = 0;
    for (at, _) in text.match_indices(',') {
        if begins_pair(&text[at + 1..]) {
            pairs.push(&text[begin..at]);
            begin = at + 1;
        }
    }
    pairs.push(&text[begin..]);
    pairs
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_comma_begins_a_field_only_before_a_name_and_an_equals_sign() {
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

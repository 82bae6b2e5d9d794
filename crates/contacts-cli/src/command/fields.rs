//! Reads a contact as `FIELD=VALUE,...`.

use contacts_core::{ContactDraft, Field};

use crate::error::CommandError;

/// Parses `first_name=Jane,last_name=Doe`. A comma is part of the value unless a name and `=` follow
/// it, so `job_title=Head, IT` needs no quotes.
pub(crate) fn parse<'a>(
    option: &str,
    text: &'a str,
) -> Result<(ContactDraft<'a>, Vec<Field>), CommandError> {
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
    Ok((draft, seen))
}

fn unknown_field(option: &str, name: &str) -> String {
    let hint = match Field::nearest(name) {
        Some(field) if field != Field::ContactType => format!("; did you mean `{field}`?"),
        _ => {
            let names = Field::TEXT.map(Field::as_str).join(", ");
            format!("; the fields are {names}; use a JSON file for a value with `,` and `=`")
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

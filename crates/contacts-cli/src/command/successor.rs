//! Reads who replaces whom.

use std::path::Path;

use contacts_bulk::search::SearchTerm;
use contacts_core::{Contact, Violation};
use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::value::RawValue;

use crate::args::Replace;
use crate::command::{fields, input};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::{self, Session};

/// The people to replace, each with a successor.
#[derive(Default)]
pub(crate) struct Successors {
    pub(crate) terms: Vec<SearchTerm>,
    pub(crate) contacts: Vec<Contact>,
}

const SUCCESSOR: &str = concat!(
    "one contact as a JSON object, such as ",
    r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}"#,
);

impl Successors {
    pub(crate) fn read(
        args: &Replace,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, CommandError> {
        if let Some(file) = &args.leavers {
            return Self::from_csv(file, args.successor.as_deref(), session);
        }
        let (from, with) = (args.from.as_deref(), args.successor.as_deref());
        let term = SearchTerm::email(from.unwrap_or_default());
        let term = term.map_err(|error| CommandError::usage(format!("--from: {error}")))?;
        let contact = successor(with.unwrap_or_default(), session)?;
        Ok(Self {
            terms: vec![term],
            contacts: vec![contact],
        })
    }

    /// A successor who leaves too would have to be replaced in a second run, and a repetition of the first
    /// would move the orders on.
    fn check_chain(&self, lines: &[u64], file: &Path) -> Result<(), CommandError> {
        for (index, (contact, line)) in self.contacts.iter().zip(lines).enumerate() {
            let Ok(address) = SearchTerm::email(contact.email()) else {
                continue;
            };
            let mut terms = self.terms.iter();
            let leaver = terms.position(|term| term.has_same_meaning(&address));
            // A person can stay with other values.
            if let Some(leaver) = leaver.filter(|leaver| *leaver != index) {
                let name = session::name(file);
                let message = format!(
                    "input rejected, nothing was sent:\n  {name}:{line}: with: the successor is in the \
                     column `from` as well, on line {}; name who replaces both",
                    lines[leaver]
                );
                return Err(CommandError::new(Exit::BadInput, message));
            }
        }
        Ok(())
    }

    /// Reads the file of `--leavers`. `people` is the file of `--with`.
    fn from_csv(
        file: &Path,
        people: Option<&str>,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, CommandError> {
        let people = people.map(|people| contacts(Path::new(people), session));
        let people = people.transpose()?.unwrap_or_default();
        let bytes = input::read_bytes(file, session)?;
        let rows = rows(&bytes).map_err(|error| CommandError::bad_file(file, error))?;
        let mut successors = Self::default();
        let mut lines = Vec::new();
        for (line, from, with) in rows {
            let at = |error: String| {
                let name = session::name(file);
                let message =
                    format!("input rejected, nothing was sent:\n  {name}:{line}: {error}");
                CommandError::new(Exit::BadInput, message)
            };
            let term = SearchTerm::email(&from).map_err(|error| at(format!("from: {error}")))?;
            if successors
                .terms
                .iter()
                .any(|other| other.has_same_meaning(&term))
            {
                return Err(at(
                    "from: a second row for this person; remove one".to_owned()
                ));
            }
            if with.is_empty() {
                return Err(at("with: blank; name the successor".to_owned()));
            }
            let by_address = |contact: &&Contact| contact.email().eq_ignore_ascii_case(&with);
            let contact = match people.iter().find(by_address) {
                Some(contact) => contact.clone(),
                None if !has_fields(&with) && with.contains('@') => {
                    let message = "with: no successor with this address in the file of --with";
                    return Err(at(message.to_owned()));
                }
                None => successor(&with, session).map_err(|error| at(error.message))?,
            };
            lines.push(line);
            successors.terms.push(term);
            successors.contacts.push(contact);
        }
        successors.check_chain(&lines, file)?;
        Ok(successors)
    }
}

/// The lines with both cells. The separator is the one of the header.
fn rows(bytes: &[u8]) -> Result<Vec<(u64, String, String)>, String> {
    const HEADER: &str = "expected CSV with the columns `from` and `with`";
    let bytes = contacts_core::without_byte_order_mark(bytes);
    for delimiter in *b",;\t" {
        let mut reader = ReaderBuilder::new();
        let mut reader = reader
            .delimiter(delimiter)
            .trim(Trim::All)
            .from_reader(bytes);
        let header = reader.headers().cloned();
        let header = header.map_err(|error| csv_error(&error))?;
        let column = |name: &str| header.iter().position(|column| column == name);
        let (Some(from), Some(with)) = (column("from"), column("with")) else {
            continue;
        };
        if header.len() > 2 {
            return Err(format!(
                "the file has {} columns; {HEADER} alone",
                header.len()
            ));
        }
        let row = |row: Result<StringRecord, csv::Error>| {
            let row = row.map_err(|error| csv_error(&error))?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |index| row.get(index).unwrap_or_default().to_owned();
            Ok((line, cell(from), cell(with)))
        };
        let rows = reader
            .into_records()
            .map(row)
            .collect::<Result<Vec<_>, String>>()?;
        if rows.is_empty() {
            return Err("the file has no rows".to_owned());
        }
        return Ok(rows);
    }
    Err(HEADER.to_owned())
}

/// What is wrong with the text of a CSV file.
fn csv_error(error: &csv::Error) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            format!("line {line}: not UTF-8; save the file as CSV in UTF-8")
        }
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("line {line}: {len} cells, but the header has {expected_len}"),
        _ => format!("line {line}: not CSV"),
    }
}

/// The contact of `FIELD=VALUE,...` or of a JSON file.
fn successor(text: &str, session: &mut Session<'_, '_>) -> Result<Contact, CommandError> {
    if !has_fields(text) {
        return input::read_json(Path::new(text), SUCCESSOR, Contact::from_json, session);
    }
    let (draft, _) = fields::parse("with", text)?;
    draft.build().map_err(|violations| {
        let lines = input::listed(&violations, Violation::to_string);
        CommandError::usage(format!("--with: invalid contact, nothing was sent:{lines}"))
    })
}

/// Whether a text starts with `NAME=`.
fn has_fields(text: &str) -> bool {
    let name = text.split_once('=').map(|(name, _)| name.trim());
    name.is_some_and(|name| {
        let mut characters = name.chars();
        !name.is_empty() && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    })
}

/// The contacts of a file with one JSON object for each, or an array of them.
fn contacts(file: &Path, session: &mut Session<'_, '_>) -> Result<Vec<Contact>, CommandError> {
    let bytes = input::read_bytes(file, session)?;
    let name = session::name(file);
    let bad = |reason: String| CommandError::new(Exit::BadInput, format!("`{name}`: {reason}"));
    let json = contacts_core::without_byte_order_mark(&bytes);
    let mut contacts = Vec::new();
    for value in serde_json::Deserializer::from_slice(json).into_iter::<&RawValue>() {
        let value = value.map_err(|_| bad(format!("not JSON; expected {SUCCESSOR}, for each")))?;
        // An array cannot be malformed here.
        let values: Vec<&RawValue> =
            serde_json::from_str(value.get()).unwrap_or_else(|_| vec![value]);
        for value in values {
            let number = contacts.len() + 1;
            let contact = Contact::from_json(value.get().as_bytes());
            let contact = contact.map_err(|error| bad(format!("contact {number}: {error}")))?;
            let is_same = |other: &Contact| other.email().eq_ignore_ascii_case(contact.email());
            if contacts
                .iter()
                .any(|other| is_same(other) && *other != contact)
            {
                let why = format!("contact {number}: another contact has the same e-mail address");
                return Err(bad(why));
            }
            contacts.push(contact);
        }
    }
    Ok(contacts)
}

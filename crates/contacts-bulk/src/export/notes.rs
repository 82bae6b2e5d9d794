//! The notes of an export: a line of JSON that says what it is of, and one for each order.

use std::borrow::Cow;
use std::io::{self, Write};

use contacts_core::{Contact, ContactType, Field, OrderContact, OrderId};
use serde::{Deserialize, Serialize};

use crate::export::error::ExportError;
use crate::export::wanted::ExportFilter;
use crate::input::ContactWriter;
use crate::own_file::EXPORT_NOTES;

pub(crate) const VERSION: u32 = 1;

/// The first line of the notes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Head<'a> {
    #[serde(borrow)]
    pub(crate) format: Cow<'a, str>,
    pub(crate) version: u32,
    #[serde(borrow)]
    pub(crate) base_url: Cow<'a, str>,
    /// The fingerprint of the key.
    #[serde(borrow)]
    pub(crate) key: Cow<'a, str>,
    pub(crate) wanted: ExportFilter,
}

/// Each further line: an order, with those of its contacts that are wanted.
#[derive(Serialize, Deserialize)]
pub(crate) struct Note<'a> {
    #[serde(borrow)]
    pub(crate) order_id: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) organization_contact: Option<OrderContact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) technical_contact: Option<OrderContact>,
}

/// How much an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportSummary {
    /// How many orders were read.
    pub orders: usize,
    /// How many contacts were written, each a row.
    pub contacts: usize,
    /// How many of them have a field that could not be read, and so is empty in their row.
    pub incomplete: usize,
}

pub(crate) fn write_rows(
    notes: &[u8],
    to: impl Write,
    successor: Option<&Contact>,
) -> io::Result<ExportSummary> {
    let (_, lines) = split(notes).map_err(io::Error::other)?;
    let mut rows = ContactWriter::new(to)?;
    let mut written = ExportSummary::default();
    for line in lines {
        let (note, order) = line.map_err(io::Error::other)?;
        written.orders += 1;
        let both = [note.organization_contact, note.technical_contact];
        for (kind, contact) in ContactType::ALL.into_iter().zip(both) {
            let Some(contact) = contact else { continue };
            written.contacts += 1;
            let mut read = Field::TEXT.into_iter().filter(|f| *f != Field::LanguageId);
            written.incomplete += usize::from(read.any(|field| !contact.is_readable(field)));
            let value = |field| match successor {
                Some(successor) => successor.get(field),
                None => contact.get(field),
            };
            rows.write(order, kind, value, "")?;
        }
    }
    rows.finish()?;
    Ok(written)
}

pub(crate) fn write_line(mut to: impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    to.write_all(&bytes)
}

pub(crate) type Line<'a> = Result<(Note<'a>, OrderId), ExportError>;

/// The head of notes and their whole lines.
pub(crate) fn split(
    notes: &[u8],
) -> Result<(Head<'_>, impl Iterator<Item = Line<'_>>), ExportError> {
    let end = notes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    let mut lines = notes[..end].split(|byte| *byte == b'\n');
    let head = lines.next().unwrap_or_default();
    let head: Head<'_> = serde_json::from_slice(head).map_err(|_| ExportError::NotNotes)?;
    if head.format != EXPORT_NOTES {
        return Err(ExportError::NotNotes);
    }
    if head.version != VERSION {
        return Err(ExportError::Version(head.version));
    }
    let lines = (2..).zip(lines).map(|(line, text)| {
        let note: Note<'_> = serde_json::from_slice(text).map_err(|_| ExportError::Line(line))?;
        let order = OrderId::parse(&note.order_id).map_err(|_| ExportError::Line(line))?;
        Ok((note, order))
    });
    Ok((head, lines))
}

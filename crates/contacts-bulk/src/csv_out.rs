//! Writing contacts in the format of the input files.

use std::borrow::Cow;
use std::io::{self, Write};

use contacts_core::{ContactType, Field, OrderId};

use crate::input::column::{ORDER_ID, REASON};

/// Writes contacts as rows of an input file.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return would be a formula to a
/// spreadsheet, so it gets an apostrophe in front (our own decision). So does one that begins with
/// apostrophes and goes on with one of these, or else nobody could tell which apostrophe to take
/// away again.
///
/// ```
/// use contacts_bulk::ContactWriter;
/// use contacts_core::{Contact, ContactType, OrderId};
///
/// let jane = Contact::draft("Jane", "Doe", "jane@example.com").telephone("+1 555").build().unwrap();
/// let mut file = Vec::new();
/// let mut rows = ContactWriter::with_reasons(&mut file)?;
/// let order = OrderId::parse("7").unwrap();
/// rows.write(order, ContactType::Technical, |field| jane.get(field), "no such order")?;
/// rows.finish()?;
/// assert_eq!(String::from_utf8(file).unwrap(), "\
/// order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,reason
/// 7,technical_contact,Jane,Doe,jane@example.com,,'+1 555,,no such order
/// ");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct ContactWriter<W: Write> {
    csv: csv::Writer<W>,
    reasons: bool,
}

impl<W: Write> ContactWriter<W> {
    /// Begins a file, which is the header line.
    ///
    /// # Errors
    /// Where `to` can't be written.
    pub fn new(to: W) -> io::Result<Self> {
        Self::begin(to, false)
    }

    /// The same with a last column `reason`, which no reader of input files heeds.
    ///
    /// # Errors
    /// Where `to` can't be written.
    pub fn with_reasons(to: W) -> io::Result<Self> {
        Self::begin(to, true)
    }

    fn begin(to: W, reasons: bool) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(to);
        let names = [ORDER_ID, Field::ContactType.as_str()].into_iter();
        let names = names.chain(Field::TEXT.into_iter().map(Field::as_str));
        csv.write_record(names.chain(reasons.then_some(REASON)))?;
        Ok(Self { csv, reasons })
    }

    /// Adds a contact. `value` tells each of its fields; `reason` is for a file that has reasons
    /// and is left out otherwise.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn write<'v>(
        &mut self,
        order: OrderId,
        kind: ContactType,
        value: impl Fn(Field) -> Option<&'v str>,
        reason: &str,
    ) -> io::Result<()> {
        self.csv.write_field(order.to_string())?;
        self.csv.write_field(kind.as_str())?;
        for field in Field::TEXT {
            let cell = harmless(value(field).unwrap_or_default());
            self.csv.write_field(cell.as_ref())?;
        }
        if self.reasons {
            self.csv.write_field(harmless(reason).as_ref())?;
        }
        Ok(self.csv.write_record(None::<&[u8]>)?)
    }

    /// Hands on what is still held back.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> Cow<'_, str> {
    let behind = cell.trim_start_matches('\'');
    if behind.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe() {
        for cell in ["=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''+1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["", "1", "a=b", "'", "'a", "O'Neil", " =1"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}

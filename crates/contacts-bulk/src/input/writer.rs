use std::io::{self, Write};

use contacts_core::{ContactType, Field, OrderId};

use crate::input::formula::escape_formula;
use crate::input::header::{ORDER_DETAILS, ORDER_ID, REASON};
#[cfg(feature = "xlsx")]
use crate::input::xlsx::Sheet;

/// Writes contacts as rows of an input file.
///
/// A cell that a spreadsheet would run as a formula gets an apostrophe in front, which
/// [`unescape_formula`](super::unescape_formula) and all readers remove.
///
/// ```
/// use contacts_bulk::input::ContactWriter;
/// use contacts_core::{Contact, ContactType, OrderId};
///
/// let jane = Contact::draft("Jane", "Doe", "jane@example.com").telephone("+1 555").build().unwrap();
/// let mut file = Vec::new();
/// let mut rows = ContactWriter::with_reasons(&mut file)?;
/// let order = OrderId::parse("7").unwrap();
/// rows.write(order, ContactType::Technical, |field| jane.get(field), &["no such order"])?;
/// rows.finish()?;
/// assert_eq!(String::from_utf8(file).unwrap(), "\
/// order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,reason
/// 7,technical_contact,Jane,Doe,jane@example.com,,'+1 555,,no such order
/// ");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct ContactWriter<W: Write> {
    table: Table<W>,
    /// The columns after those of the contact, which readers ignore.
    extra_columns: &'static [&'static str],
}

impl<W: Write> ContactWriter<W> {
    /// Writes the header of a file.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written.
    pub fn new(to: W) -> io::Result<Self> {
        Self::start(to, &[])
    }

    /// Writes the header of a file with a last column `reason`, which readers ignore.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written.
    pub fn with_reasons(to: W) -> io::Result<Self> {
        Self::start(to, &[REASON])
    }

    /// Writes the header of a file with the last columns `common_name`, `status` and `product`, which
    /// readers ignore.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written.
    pub fn with_order_details(to: W) -> io::Result<Self> {
        Self::start(to, &ORDER_DETAILS)
    }

    /// As [`with_order_details`](Self::with_order_details), as a workbook, in which every cell is a text.
    #[cfg(feature = "xlsx")]
    pub(crate) fn workbook_with_order_details(to: W) -> io::Result<Self> {
        Self::start_table(Table::Workbook(Box::new(Sheet::new(to)?)), &ORDER_DETAILS)
    }

    fn start(to: W, extra_columns: &'static [&'static str]) -> io::Result<Self> {
        Self::start_table(
            Table::Csv(Box::new(csv::Writer::from_writer(to))),
            extra_columns,
        )
    }

    fn start_table(
        mut table: Table<W>,
        extra_columns: &'static [&'static str],
    ) -> io::Result<Self> {
        let names = [ORDER_ID, Field::ContactType.as_str()].into_iter();
        let names = names.chain(Field::TEXT.into_iter().map(Field::as_str));
        table.write(names.chain(extra_columns.iter().copied()))?;
        Ok(Self {
            table,
            extra_columns,
        })
    }

    /// Writes a contact whose fields `value` returns. `extra_cells` are the cells of the last columns;
    /// missing ones are empty.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn write<'v>(
        &mut self,
        order: OrderId,
        contact_type: ContactType,
        value: impl Fn(Field) -> Option<&'v str>,
        extra_cells: &[&str],
    ) -> io::Result<()> {
        let order = order.to_string();
        let first = [order.as_str(), contact_type.as_str()].into_iter();
        let cells = Field::TEXT
            .into_iter()
            .map(|field| value(field).unwrap_or_default());
        let missing = std::iter::repeat("");
        let extra_cells = extra_cells
            .iter()
            .copied()
            .chain(missing)
            .take(self.extra_columns.len());
        self.table.write(first.chain(cells).chain(extra_cells))
    }

    /// Flushes the file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.table {
            Table::Csv(csv) => csv.flush(),
            #[cfg(feature = "xlsx")]
            Table::Workbook(sheet) => sheet.save(),
        }
    }
}

#[derive(Debug)]
enum Table<W: Write> {
    Csv(Box<csv::Writer<W>>),
    #[cfg(feature = "xlsx")]
    Workbook(Box<Sheet<W>>),
}

impl<W: Write> Table<W> {
    fn write<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> io::Result<()> {
        match self {
            Self::Csv(csv) => {
                for cell in cells {
                    csv.write_field(escape_formula(cell).as_ref())?;
                }
                Ok(csv.write_record(None::<&[u8]>)?)
            }
            #[cfg(feature = "xlsx")]
            Self::Workbook(sheet) => sheet.write(cells),
        }
    }
}

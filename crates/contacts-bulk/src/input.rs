//! Files of what is wanted, read and judged whole.

pub(crate) mod check;
pub(crate) mod column;
pub(crate) mod csv;
pub(crate) mod format;
mod gathering;
pub(crate) mod header;
mod json_lines;
pub(crate) mod order_update;
pub(crate) mod problem;
pub(crate) mod problems;
mod quoting;
mod raw;
mod source;

use std::fmt;
use std::io::{self, Read};

use contacts_core::{ContactsUpdate, OrderId};

use crate::input::format::Format;
use crate::input::gathering::Gathering;
use crate::input::order_update::OrderUpdate;
use crate::input::problems::Problems;

/// What is wanted of each order, read from a file in which everything is right.
///
/// The [crate page](crate) shows how it is read.
#[derive(Clone, Debug, Default)]
pub struct Input {
    orders: Vec<OrderUpdate>,
}

/// Why an input can't be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputError {
    /// It could not be read.
    Io(io::Error),
    /// It was read, and this is wrong in it.
    Problems(Problems),
}

impl Input {
    /// Reads a CSV file in UTF-8, with or without a byte order mark.
    ///
    /// The header has the API's field names: `order_id`, `contact_type`, `first_name`,
    /// `last_name`, `email` and, if wanted, `job_title`, `telephone`, `language_id`, in any order;
    /// a column `reason` is passed over. Each row is a contact; the two contacts of an order become
    /// one request. An empty optional cell leaves the order's value as it is. Empty rows are
    /// skipped. Cells are separated by commas, semicolons or tabs, whichever makes most of the
    /// header known. With `trim`, white space around a cell is dropped instead of being a problem.
    ///
    /// A cell that begins with `'` and then `=`, `+`, `-`, `@`, a tab or a carriage return loses the
    /// `'`: that is how this project's own files keep a spreadsheet from taking such a cell for a
    /// formula. Where a value itself begins so, its cell has one `'` more.
    ///
    /// # Errors
    /// [`InputError::Problems`] with everything that is wrong, or [`InputError::Io`].
    pub fn from_csv(mut reader: impl Read, trim: bool) -> Result<Self, InputError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Ok(Self::read(&bytes, Format::Csv, trim)?)
    }

    /// Reads a file of either [`Format`]; `trim` is for CSV alone.
    ///
    /// A line of JSON lines is an object with an `order_id`, a string or an integer, and `contacts`
    /// as [`ContactsUpdate::from_json`] takes them. Two lines may name the same order, if they name
    /// different contact types: as two rows of CSV, they become one request (our own decision).
    /// Empty lines are skipped.
    ///
    /// ```
    /// use contacts_bulk::{Format, Input};
    ///
    /// let line = br#"{"order_id": 7, "contacts": [{"contact_type": "technical_contact",
    ///     "first_name": "Jane", "last_name": "Doe", "email": "jane.doe"}]}"#;
    /// let line: Vec<u8> = line.iter().copied().filter(|b| *b != b'\n').collect();
    /// let problems = Input::read(&line, Format::JsonLines, false).unwrap_err();
    /// assert_eq!(
    ///     problems.to_string(),
    ///     "line 1, contacts[0].email: not an e-mail address: missing `@`",
    /// );
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(bytes: &[u8], format: Format, trim: bool) -> Result<Self, Problems> {
        let mut gathering = Gathering::new(true);
        // A single file is never named in a problem.
        gathering.begin("");
        source::read(bytes, format, trim, &mut gathering);
        gathering.end()?;
        Ok(Self {
            orders: gathering.into_orders(),
        })
    }

    /// What is wanted of a single order, from no file.
    ///
    /// ```
    /// use contacts_bulk::Input;
    /// use contacts_core::{Contact, ContactsUpdate, OrderId};
    ///
    /// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build().unwrap();
    /// let input = Input::single(OrderId::parse("7").unwrap(), ContactsUpdate::technical(jane));
    /// assert_eq!((input.orders().len(), input.orders()[0].lines()), (1, &[][..]));
    /// ```
    #[must_use]
    pub fn single(order: OrderId, update: ContactsUpdate) -> Self {
        Self {
            orders: vec![OrderUpdate::new(order, update, Vec::new())],
        }
    }

    /// The orders, in the order in which the file first names them.
    #[must_use]
    pub fn orders(&self) -> &[OrderUpdate] {
        &self.orders
    }

    /// How many contacts are wanted in all.
    #[must_use]
    pub fn contacts(&self) -> usize {
        let of = |order: &OrderUpdate| order.update().contacts().count();
        self.orders.iter().map(of).sum()
    }

    pub(crate) fn into_orders(self) -> Vec<OrderUpdate> {
        self.orders
    }
}

impl From<Problems> for InputError {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(_) => f.write_str("the input could not be read"),
            Self::Problems(problems) => problems.fmt(f),
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Problems(_) => None,
        }
    }
}

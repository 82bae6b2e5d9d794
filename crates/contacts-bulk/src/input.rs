//! Reading input: files, and rows from any other source.

mod check;
mod collector;
mod csv;
mod format;
mod formula;
mod header;
mod json_lines;
mod order_update;
mod problem;
mod problems;
mod quoting;
mod record;
mod row;
mod snapshot;
mod spreadsheet;
mod validate;
mod writer;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use contacts_core::{ContactsUpdate, OrderId};

use crate::input::collector::Collector;
use crate::input::header::Column;

pub(crate) use csv::Preamble;
pub(crate) use format::text;
pub(crate) use record::RecordLocator;

pub use check::Check;
pub use collector::Checked;
pub use format::Format;
pub use formula::{escape_formula, unescape_formula};
pub use header::check_columns;
pub use order_update::OrderUpdate;
pub use problem::{Problem, ProblemKind};
pub use problems::Problems;
pub use row::{Cell, FlatRow, NestedRow, Position, Row};
pub use snapshot::Snapshot;
pub use writer::ContactWriter;

/// The updates of all orders of an input in which nothing is wrong.
///
/// The [crate page](crate) shows how to read one.
#[derive(Clone, Debug, Default)]
pub struct Input {
    orders: Vec<OrderUpdate>,
}

/// How to read an input.
///
/// ```
/// use contacts_bulk::Input;
/// use contacts_bulk::input::{Format, ReadOptions};
///
/// let file = "order_id,contact_type,first_name,last_name,email,remarks\n\
///             '7,technical_contact, Jane,Doe,jane@example.com,leaves in May\n";
/// let mut options = ReadOptions::default();
/// options.trim = true;
/// options.ignore_columns = vec!["remarks".to_owned()];
/// let input = Input::from_bytes(file.as_bytes(), Format::Csv, &options)?;
/// assert_eq!(input.orders()[0].order.get(), 7);
/// # Ok::<(), contacts_bulk::Problems>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Removes what carries no value from the cells of a table: white space and invisible characters
    /// at the ends, the apostrophe or formula that marks a text in a spreadsheet, and a `#` before an
    /// order id. Otherwise each is a problem.
    pub trim: bool,
    /// The names of columns to ignore, in tables that have them. An optional column of the API can be
    /// among them.
    pub ignore_columns: Vec<String>,
}

/// Builds an [`Input`] row by row, from a source that is not a file. Without a row, the input is empty.
///
/// [`FlatRow`] and [`NestedRow`] show how to make a row.
#[derive(Debug)]
pub struct InputBuilder(Collector);

/// Why a file was rejected as an input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Something is wrong in the file.
    #[error(transparent)]
    Problems(#[from] Problems),
}

impl Input {
    /// Reads a CSV file in UTF-8, with or without a byte order mark.
    ///
    /// The header consists of the API's field names in any order: `order_id`, `contact_type`,
    /// `first_name`, `last_name`, `email`, and optionally `job_title`, `telephone`, `language_id`.
    /// The columns that this crate writes beside them (`reason`, `common_name`, `status`, `product`)
    /// are ignored, and columns without a name and a value, which spreadsheets add. Each row is a contact; the two contacts of an order become one
    /// request. An empty optional cell keeps the order's value. Empty rows are skipped. The
    /// delimiter is a comma, semicolon or tab, whichever makes most of the header known, or that of a
    /// first line `sep=`; the `#TYPE` line of PowerShell is skipped.
    ///
    /// A value that a spreadsheet has turned into a number, a date or an error is a problem.
    ///
    /// An apostrophe that [escapes a formula](unescape_formula) is removed.
    ///
    /// # Errors
    /// Returns everything that is wrong.
    pub fn from_csv(bytes: impl AsRef<[u8]>) -> Result<Self, Problems> {
        Self::from_bytes(bytes.as_ref(), Format::Csv, &ReadOptions::default())
    }

    /// Reads a file of either [`Format`].
    ///
    /// A line of a JSON Lines file is an object with an `order_id`, a string or an integer, and
    /// `contacts` as in [`ContactsUpdate::from_json`]. Two lines may name the same order with
    /// different contact types: like two rows of a CSV file, they become one request (our own
    /// decision). Empty lines are skipped.
    ///
    /// ```
    /// use contacts_bulk::Input;
    /// use contacts_bulk::input::{Format, ReadOptions};
    ///
    /// let line = concat!(
    ///     r#"{"order_id": 7, "contacts": [{"contact_type": "technical_contact", "#,
    ///     r#""first_name": "Jane", "last_name": "Doe", "email": "jane.doe"}]}"#,
    /// );
    /// let read = Input::from_bytes(line.as_bytes(), Format::JsonLines, &ReadOptions::default());
    /// assert_eq!(
    ///     read.unwrap_err().to_string(),
    ///     "line 1, contacts[0].email: not an e-mail address: missing `@`",
    /// );
    /// ```
    ///
    /// # Errors
    /// Returns everything that is wrong.
    pub fn from_bytes(
        bytes: &[u8],
        format: Format,
        options: &ReadOptions,
    ) -> Result<Self, Problems> {
        let mut collector = Collector::keeping();
        collector.start_file("", options);
        format::read(bytes, format, &mut collector);
        Self::from_collector(collector)
    }

    /// Reads the file at `path`, whose [`Format`] is detected.
    ///
    /// # Errors
    /// Returns [`InputError::Io`] if the file cannot be read, or [`InputError::Problems`] with
    /// everything that is wrong in it.
    pub fn from_path(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Self, InputError> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| InputError::Io {
            path: path.to_owned(),
            source,
        })?;
        let format = Format::of(&path.to_string_lossy(), &bytes);
        Self::from_bytes(&bytes, format, options).map_err(InputError::Problems)
    }

    /// The update of a single order.
    ///
    /// ```
    /// use contacts_bulk::Input;
    /// use contacts_core::{Contact, ContactsUpdate, OrderId};
    ///
    /// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build().unwrap();
    /// let input = Input::single(OrderId::parse("7").unwrap(), ContactsUpdate::technical(jane));
    /// assert_eq!((input.orders().len(), input.orders()[0].lines.len()), (1, 0));
    /// ```
    #[must_use]
    pub fn single(order: OrderId, update: ContactsUpdate) -> Self {
        Self {
            orders: vec![OrderUpdate::new(order, update, Vec::new())],
        }
    }

    #[cfg(feature = "rules")]
    pub(crate) const fn of_updates(orders: Vec<OrderUpdate>) -> Self {
        Self { orders }
    }

    fn from_collector(mut collector: Collector) -> Result<Self, Problems> {
        collector.finish_file()?;
        Ok(Self {
            orders: collector.into_orders(),
        })
    }

    /// The orders, in the order in which the input first names them.
    #[must_use]
    pub fn orders(&self) -> &[OrderUpdate] {
        &self.orders
    }

    /// The number of contacts of all orders.
    #[must_use]
    pub fn contacts(&self) -> usize {
        let contacts = |order: &OrderUpdate| order.update.contacts().count();
        self.orders.iter().map(contacts).sum()
    }

    pub(crate) fn into_orders(self) -> Vec<OrderUpdate> {
        self.orders
    }
}

impl InputBuilder {
    /// Starts an input whose rows are read with `options`.
    #[must_use]
    pub fn new(options: &ReadOptions) -> Self {
        let mut collector = Collector::keeping();
        collector.start_file("", options);
        Self(collector)
    }

    /// Adds a row.
    pub fn push<'a>(&mut self, row: impl Into<Row<'a>>) {
        self.0.push_row(row.into());
    }

    /// Returns the input. Without rows it is empty: a source of a program may have no order to
    /// change, whereas a file without rows is a problem, because it may be incomplete.
    ///
    /// ```
    /// use contacts_bulk::input::InputBuilder;
    ///
    /// assert!(InputBuilder::default().build()?.orders().is_empty());
    /// # Ok::<(), contacts_bulk::Problems>(())
    /// ```
    ///
    /// # Errors
    /// Returns everything that is wrong with the rows.
    pub fn build(self) -> Result<Input, Problems> {
        Input::from_collector(self.0)
    }
}

impl Default for InputBuilder {
    fn default() -> Self {
        Self::new(&ReadOptions::default())
    }
}

impl ReadOptions {
    /// Whether the values of a column are not read: it is among
    /// [`ignore_columns`](Self::ignore_columns), or one that this crate writes for people.
    #[must_use]
    pub fn ignores(&self, column: &str) -> bool {
        let is_named = self.ignore_columns.iter().any(|name| name == column);
        is_named || Column::parse(column).is_some_and(Column::is_ignored)
    }
}

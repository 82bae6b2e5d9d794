use std::fmt;
use std::io::{self, Read};

use contacts_core::{ContactsUpdate, OrderId};

use crate::problem::{Problem, ProblemKind, Problems};
use crate::reading;

/// What is wanted of each order, read from a file in which everything is right.
///
/// The [crate page](crate) shows how it is read.
#[derive(Clone, Debug, Default)]
pub struct Input {
    orders: Vec<OrderUpdate>,
}

/// What is wanted of one order.
#[derive(Clone, Debug)]
pub struct OrderUpdate {
    order: OrderId,
    update: ContactsUpdate,
    lines: Vec<u64>,
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
    /// `last_name`, `email` and, if wanted, `job_title`, `telephone`, `language_id`, in any order.
    /// Each row is a contact; the two contacts of an order become one request. An empty optional
    /// cell leaves the order's value as it is. Empty rows are skipped. Cells are separated by commas, semicolons or tabs,
    /// whichever is commonest in the header. With `trim`, white space
    /// around a cell is dropped instead of being a problem.
    ///
    /// # Errors
    /// [`InputError::Problems`] with everything that is wrong, or [`InputError::Io`].
    pub fn from_csv(reader: impl Read, trim: bool) -> Result<Self, InputError> {
        reading::csv(reader, trim).map(|orders| Self { orders })
    }

    /// The orders, in the order in which the file first names them.
    #[must_use]
    pub fn orders(&self) -> &[OrderUpdate] {
        &self.orders
    }

    /// How many contacts are wanted in all.
    #[must_use]
    pub fn contacts(&self) -> usize {
        let of = |order: &OrderUpdate| order.update.contacts().count();
        self.orders.iter().map(of).sum()
    }

    pub(crate) fn into_orders(self) -> Vec<OrderUpdate> {
        self.orders
    }
}

impl OrderUpdate {
    pub(crate) const fn new(order: OrderId, update: ContactsUpdate, lines: Vec<u64>) -> Self {
        Self {
            order,
            update,
            lines,
        }
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order
    }

    /// What is wanted.
    #[must_use]
    pub const fn update(&self) -> &ContactsUpdate {
        &self.update
    }

    /// The lines of the file that it comes from.
    #[must_use]
    pub fn lines(&self) -> &[u64] {
        &self.lines
    }
}

impl InputError {
    pub(crate) fn one(line: u64, kind: ProblemKind) -> Self {
        Self::of(vec![Problem::new(line, None, kind)])
    }

    pub(crate) fn of(list: Vec<Problem>) -> Self {
        Problems::from_list(list).map_or_else(
            || Self::Io(io::Error::other("an error without a problem")),
            Self::Problems,
        )
    }
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Bytes and a flexible row length leave nothing but I/O to fail.
impl From<csv::Error> for InputError {
    fn from(error: csv::Error) -> Self {
        Self::Io(error.into())
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

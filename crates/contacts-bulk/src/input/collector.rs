//! Validates rows and groups them by order, from one file or from several.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZeroU32;

use contacts_core::{Contact, ContactType, ContactsUpdate, Field, OrderId};

use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::{ProblemCollector, Problems};
use crate::input::row::{FlatRow, Position, Row};
use crate::input::validate;
use crate::input::{OrderUpdate, ReadOptions};

/// Which orders were named where, and, if they are kept, their contacts.
///
/// By default, it does not keep them, as for a check: a million contacts take more memory than their
/// file.
#[derive(Debug, Default)]
pub(super) struct Collector {
    orders: HashMap<OrderId, FirstSeen>,
    contacts: Option<Vec<OrderContacts>>,
    /// The names of the files so far; the last is the current one.
    files: Vec<String>,
    pub(super) problems: ProblemCollector,
    options: ReadOptions,
    /// The rows of the current file, valid or not.
    rows: u64,
    checked: Checked,
}

/// What a reader of tables fills.
pub(super) trait RowSink {
    fn options(&self) -> &ReadOptions;

    /// The number of rows so far, valid or not.
    fn rows(&self) -> u64;

    /// Records a problem of the file.
    fn push_problem(&mut self, problem: Problem);

    /// Records a row whose values cannot be read.
    fn push_unreadable(&mut self, problem: Problem);

    fn push(&mut self, row: FlatRow<'_>);

    #[cfg(feature = "xlsx")]
    fn problems(&mut self) -> &mut ProblemCollector;
}

/// What a file without a problem holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The number of orders.
    pub orders: usize,
    /// The number of contacts.
    pub contacts: usize,
}

/// Where the contacts of an order are.
#[derive(Clone, Copy, Debug)]
struct FirstSeen {
    by_type: [Option<Origin>; 2],
    last_file: u32,
    /// An index of `Collector::contacts`.
    index: u32,
}

/// A position in 8 bytes: the number of the file, and that of the row, both counted from 1.
#[derive(Clone, Copy, Debug)]
struct Origin {
    file: u32,
    row: NonZeroU32,
}

/// The valid contacts of one order, by type.
#[derive(Debug)]
struct OrderContacts {
    order: OrderId,
    lines: Vec<u64>,
    by_type: [Option<Contact>; 2],
}

impl Collector {
    /// Keeps the contacts, for [`into_orders`](Self::into_orders).
    pub(super) fn keeping() -> Self {
        Self {
            contacts: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Starts the next file. Its name appears in the problems of later ones.
    pub(super) fn start_file(&mut self, name: &str, options: &ReadOptions) {
        self.files.push(name.to_owned());
        self.options.clone_from(options);
        self.rows = 0;
        self.checked = Checked::default();
    }

    /// Returns what the current file holds, or all its problems.
    pub(super) fn finish_file(&mut self) -> Result<Checked, Problems> {
        match std::mem::take(&mut self.problems).finish() {
            Some(problems) => Err(problems),
            None => Ok(self.checked),
        }
    }

    pub(super) fn push_row(&mut self, row: Row<'_>) {
        self.rows += 1;
        match row {
            Row::Flat(row) => {
                let position = row.position;
                let valid = validate::flat(row, &self.options, &mut self.problems);
                if let Some((order, contact_type, contact)) = valid {
                    self.add(order, contact_type, position, contact);
                }
            }
            Row::Nested(row) => {
                let position = row.position;
                if let Some((order, update)) = validate::nested(row, &mut self.problems) {
                    for (contact_type, contact) in update.contacts() {
                        self.add(order, contact_type, position, Some(contact.clone()));
                    }
                }
            }
        }
    }

    /// Adds a contact to its order; `contact` is `None` if it is not valid.
    fn add(
        &mut self,
        order: OrderId,
        contact_type: ContactType,
        position: Position,
        contact: Option<Contact>,
    ) {
        let file = saturating_u32(self.files.len() as u64);
        let seen = match self.orders.entry(order) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(FirstSeen {
                by_type: [None; 2],
                last_file: 0,
                index: add_order(&mut self.contacts, order),
            }),
        };
        if seen.last_file != file {
            seen.last_file = file;
            self.checked.orders += 1;
        }
        self.checked.contacts += 1;
        let line = position.ordinal();
        let first = &mut seen.by_type[contact_type as usize];
        if let Some(first) = *first {
            let in_other_file = first.file != file;
            let kind = ProblemKind::DuplicateContact {
                contact_type,
                first_file: in_other_file.then(|| self.files[first.file as usize - 1].clone()),
                first: position.with_ordinal(first.row.get().into()),
            };
            let column = Field::ContactType.as_str();
            return self
                .problems
                .push(Problem::in_column(position, column, kind));
        }
        let row = NonZeroU32::new(saturating_u32(line)).unwrap_or(NonZeroU32::MIN);
        *first = Some(Origin { file, row });
        let contacts = self.contacts.as_mut();
        if let Some(contacts) = contacts.and_then(|all| all.get_mut(seen.index as usize)) {
            // The two contacts of a nested row have the same line.
            if contacts.lines.last() != Some(&line) {
                contacts.lines.push(line);
            }
            contacts.by_type[contact_type as usize] = contact;
        }
    }

    /// The update of each order, in the order in which the orders were first named.
    pub(super) fn into_orders(self) -> Vec<OrderUpdate> {
        let contacts = self.contacts.unwrap_or_default().into_iter();
        contacts.filter_map(OrderContacts::into_update).collect()
    }
}

impl RowSink for Collector {
    fn options(&self) -> &ReadOptions {
        &self.options
    }

    fn rows(&self) -> u64 {
        self.rows
    }

    fn push_problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn push_unreadable(&mut self, problem: Problem) {
        self.rows += 1;
        self.problems.push(problem);
    }

    fn push(&mut self, row: FlatRow<'_>) {
        self.push_row(row.into());
    }

    #[cfg(feature = "xlsx")]
    fn problems(&mut self) -> &mut ProblemCollector {
        &mut self.problems
    }
}

/// Adds an order, if contacts are kept; returns its index.
fn add_order(contacts: &mut Option<Vec<OrderContacts>>, order: OrderId) -> u32 {
    let Some(contacts) = contacts else {
        return u32::MAX;
    };
    contacts.push(OrderContacts {
        order,
        lines: Vec::new(),
        by_type: [None, None],
    });
    saturating_u32(contacts.len() as u64 - 1)
}

fn saturating_u32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl OrderContacts {
    fn into_update(self) -> Option<OrderUpdate> {
        let [organization, technical] = self.by_type;
        let update = ContactsUpdate::from_contacts(organization, technical)?;
        Some(OrderUpdate::new(self.order, update, self.lines))
    }
}

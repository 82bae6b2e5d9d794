//! What is wanted of each order, gathered contact by contact from one file or several.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use contacts_core::{Contact, ContactType, ContactsUpdate, OrderId};

use crate::input::order_update::OrderUpdate;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::{ProblemList, Problems};

/// Orders, where they were named, and, if they are to be kept, their contacts.
///
/// A check keeps none: a million contacts would take more memory than their file.
#[derive(Debug)]
pub(crate) struct Gathering {
    orders: HashMap<OrderId, Mentions>,
    kept: Option<Vec<Kept>>,
    /// Those that were begun, by name; the last is the one that is read.
    files: Vec<String>,
    pub(crate) problems: ProblemList,
    /// Rows or objects of the file that is read, right or wrong.
    pub(crate) entries: u64,
    counts: Counts,
}

/// What a file names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) orders: usize,
    pub(crate) contacts: usize,
}

/// Where an order is named, by contact type.
#[derive(Clone, Copy, Debug)]
struct Mentions {
    by_type: [Option<Place>; 2],
    last_file: u32,
    /// Its place among those that are kept.
    kept: u32,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    file: u32,
    line: std::num::NonZeroU32,
}

/// The contacts of one order, by type; one in which something is wrong is not there.
#[derive(Debug)]
struct Kept {
    order: OrderId,
    lines: Vec<u64>,
    contacts: [Option<Contact>; 2],
}

impl Gathering {
    pub(crate) fn new(keep: bool) -> Self {
        Self {
            orders: HashMap::new(),
            kept: keep.then(Vec::new),
            files: Vec::new(),
            problems: ProblemList::default(),
            entries: 0,
            counts: Counts::default(),
        }
    }

    /// What comes now is of another file.
    pub(crate) fn begin(&mut self, name: &str) {
        self.files.push(name.to_owned());
        self.entries = 0;
        self.counts = Counts::default();
    }

    /// What the file holds that was begun last, or everything that is wrong with it.
    pub(crate) fn end(&mut self) -> Result<Counts, Problems> {
        match std::mem::take(&mut self.problems).finish() {
            Some(problems) => Err(problems),
            None => Ok(self.counts),
        }
    }

    /// Takes note of a contact; `contact` is `None` where something is wrong with it.
    pub(crate) fn place(
        &mut self,
        order: OrderId,
        contact_type: ContactType,
        line: u64,
        contact: Option<Contact>,
    ) {
        let file = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let mentions = match self.orders.entry(order) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Mentions {
                by_type: [None; 2],
                last_file: 0,
                kept: keep(&mut self.kept, order),
            }),
        };
        if mentions.last_file != file {
            mentions.last_file = file;
            self.counts.orders += 1;
        }
        self.counts.contacts += 1;
        let mention = &mut mentions.by_type[contact_type as usize];
        if let Some(first) = *mention {
            let elsewhere =
                (first.file != file).then(|| self.files[first.file as usize - 1].clone());
            let second = ProblemKind::SecondContact {
                contact_type,
                first_file: elsewhere,
                first_line: u64::from(first.line.get()),
            };
            let column = contacts_core::Field::ContactType.as_str();
            return self.problems.push(Problem::of_column(line, column, second));
        }
        let short = u32::try_from(line).unwrap_or(u32::MAX);
        let line_of = std::num::NonZeroU32::new(short).unwrap_or(std::num::NonZeroU32::MIN);
        *mention = Some(Place {
            file,
            line: line_of,
        });
        let at = mentions.kept as usize;
        if let Some(kept) = self.kept.as_mut().and_then(|kept| kept.get_mut(at)) {
            // The two contacts of one line of JSON have it in common.
            if kept.lines.last() != Some(&line) {
                kept.lines.push(line);
            }
            kept.contacts[contact_type as usize] = contact;
        }
    }

    /// What is wanted of each order that was kept, in the order in which they were first named.
    pub(crate) fn into_orders(self) -> Vec<OrderUpdate> {
        let kept = self.kept.unwrap_or_default().into_iter();
        kept.filter_map(Kept::merge).collect()
    }
}

/// Makes a place for an order, if orders are kept.
fn keep(kept: &mut Option<Vec<Kept>>, order: OrderId) -> u32 {
    let Some(kept) = kept else { return u32::MAX };
    kept.push(Kept {
        order,
        lines: Vec::new(),
        contacts: [None, None],
    });
    u32::try_from(kept.len() - 1).unwrap_or(u32::MAX)
}

impl Kept {
    fn merge(self) -> Option<OrderUpdate> {
        let [organization, technical] = self.contacts;
        let update = ContactsUpdate::from_contacts(organization, technical)?;
        Some(OrderUpdate::new(self.order, update, self.lines))
    }
}

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::SystemTime;

use contacts_core::{Contact, ContactType, ContactsUpdate, Order, OrderContact, OrderId};

use crate::export::partial::{ExportSummary, ExportedOrder, write_orders};
use crate::failure::Failure;
use crate::input::{ContactWriter, OrderUpdate};
use crate::plan::Plan;
use crate::plan::order::{PlannedOrder, ReadTime};
use crate::search::source::SourceUse;

/// The contacts that a search found.
#[derive(Clone, Debug, Default)]
pub struct SearchResult {
    pub(super) orders: Vec<FoundOrder>,
    pub(super) failed: Vec<(OrderId, Failure)>,
    pub(super) sources: Vec<SourceUse>,
    pub(super) listed: usize,
    pub(super) without_id: usize,
    pub(super) read: usize,
    pub(super) sampled: usize,
}

/// An order with at least one contact that was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FoundOrder {
    /// The order's id.
    pub order_id: OrderId,
    /// The order, as it was read.
    pub order: Order,
    /// When its request was sent.
    pub read_at: SystemTime,
    /// The contacts that match, at least one if there are terms.
    pub contacts: Vec<FoundContact>,
    /// `read_at`, on clocks that show the age.
    pub(super) instant: ReadTime,
}

/// A contact that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundContact {
    /// Which contact of the order.
    pub contact_type: ContactType,
    /// The index of the first term that it matches.
    pub term: usize,
}

impl SearchResult {
    /// The orders that were found, in the sequence of the list.
    #[must_use]
    pub fn orders(&self) -> &[FoundOrder] {
        &self.orders
    }

    /// The orders that could not be read, so it is not known whether they match.
    #[must_use]
    pub fn failed(&self) -> &[(OrderId, Failure)] {
        &self.failed
    }

    /// The sources that were asked, in this sequence.
    #[must_use]
    pub fn sources(&self) -> &[SourceUse] {
        &self.sources
    }

    /// The number of orders in the list.
    #[must_use]
    pub const fn listed(&self) -> usize {
        self.listed
    }

    /// The number of listed orders without a readable id, which are not searched.
    #[must_use]
    pub const fn without_id(&self) -> usize {
        self.without_id
    }

    /// The number of orders that were read.
    #[must_use]
    pub const fn read(&self) -> usize {
        self.read
    }

    /// How many of the orders that were read are a random sample of those that should not match.
    #[must_use]
    pub const fn sampled(&self) -> usize {
        self.sampled
    }

    /// The number of contacts that were found.
    #[must_use]
    pub fn contacts(&self) -> usize {
        self.orders.iter().map(|order| order.contacts.len()).sum()
    }

    /// When the first of the found orders was read.
    #[must_use]
    pub fn read_since(&self) -> Option<SystemTime> {
        self.orders.iter().map(|order| order.read_at).min()
    }

    /// The plan that replaces each contact by the successor of its term, from the orders as they were
    /// read. Takes no request.
    ///
    /// An optional field that the successor lacks keeps the value of the predecessor.
    pub fn plan_replacement<'c>(&self, successor: impl Fn(usize) -> &'c Contact) -> Plan {
        let orders = self.orders.iter();
        let orders = orders.filter_map(|found| {
            let update = found.replacement(&successor)?;
            let order = found.order.clone();
            Some(PlannedOrder::read(update, order, found.instant))
        });
        Plan {
            orders: orders.collect(),
        }
    }

    /// Writes the contacts as an input file, each with the common name, the status and the product of
    /// its order, which readers ignore.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written.
    pub fn write(&self, to: impl Write) -> io::Result<ExportSummary> {
        write_orders(
            self.exported(),
            ContactWriter::with_order_details(to)?,
            |_, _| None,
        )
    }

    /// Writes an input file that replaces each contact by the successor of its term.
    ///
    /// An optional field that the successor lacks is left empty, so the order keeps the value of the
    /// predecessor.
    ///
    /// # Errors
    /// Returns an error if `to` cannot be written.
    pub fn write_replacement<'c>(
        &self,
        successor: impl Fn(usize) -> &'c Contact,
        to: impl Write,
    ) -> io::Result<ExportSummary> {
        let by_id: HashMap<_, _> = self.orders.iter().map(|o| (o.order_id, o)).collect();
        let successor = |order, contact_type| {
            let contact = by_id.get(&order)?.found(contact_type)?;
            Some(successor(contact.term))
        };
        write_orders(
            self.exported(),
            ContactWriter::with_order_details(to)?,
            successor,
        )
    }

    fn exported(&self) -> impl Iterator<Item = io::Result<ExportedOrder>> {
        self.orders.iter().map(|found| Ok(found.exported()))
    }
}

impl FoundOrder {
    /// The contacts that match, with their types.
    pub fn matching(&self) -> impl Iterator<Item = (ContactType, &OrderContact)> {
        let contacts = self.contacts.iter();
        contacts.filter_map(|found| {
            let contact = self.order.contact(found.contact_type)?;
            Some((found.contact_type, contact))
        })
    }

    fn found(&self, contact_type: ContactType) -> Option<&FoundContact> {
        let mut contacts = self.contacts.iter();
        contacts.find(|found| found.contact_type == contact_type)
    }

    fn replacement<'c>(&self, successor: impl Fn(usize) -> &'c Contact) -> Option<OrderUpdate> {
        let [organization, technical] = ContactType::ALL.map(|contact_type| {
            let found = self.found(contact_type)?;
            Some(successor(found.term).clone())
        });
        let update = ContactsUpdate::from_contacts(organization, technical)?;
        Some(OrderUpdate::new(self.order_id, update, Vec::new()))
    }

    /// The order with the contacts that match.
    fn exported(&self) -> ExportedOrder {
        let mut order = self.order.clone();
        for contact_type in ContactType::ALL {
            if self.found(contact_type).is_none() {
                match contact_type {
                    ContactType::Organization => order.organization_contact = None,
                    ContactType::Technical => order.technical_contact = None,
                }
            }
        }
        ExportedOrder::new(self.order_id, order)
    }
}

//! The file of an unfinished export: a head, and a line for each order that was read.

use std::borrow::Cow;
use std::io::{self, Write};

use contacts_core::{Contact, ContactType, Field, Order, OrderContact, OrderId, printable};
use serde::{Deserialize, Serialize};

use crate::export::filter::ExportFilter;
use crate::file::{FileError, FileFormat};
use crate::input::ContactWriter;

#[derive(Serialize, Deserialize)]
pub(crate) struct ExportHead<'a> {
    #[serde(borrow)]
    pub(crate) format: Cow<'a, str>,
    pub(crate) version: u32,
    #[serde(borrow)]
    pub(crate) base_url: Cow<'a, str>,
    /// The fingerprint of the key.
    #[serde(borrow)]
    pub(crate) key: Cow<'a, str>,
    #[serde(alias = "wanted")]
    pub(crate) filter: ExportFilter,
}

/// An order, with those of its contacts that the filter includes.
#[derive(Serialize, Deserialize)]
pub(crate) struct ExportedOrder {
    pub(crate) order_id: OrderId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) common_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) organization_contact: Option<OrderContact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) technical_contact: Option<OrderContact>,
}

/// The size of an exported file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportSummary {
    /// The number of orders that were read.
    pub orders: usize,
    /// The number of contacts, each of which is a row.
    pub contacts: usize,
    /// The number of contacts with a field that cannot be read. Its cell is empty.
    pub incomplete: usize,
}

pub(crate) fn write_rows(
    partial: &[u8],
    to: ContactWriter<impl Write>,
    successor: Option<&Contact>,
) -> io::Result<ExportSummary> {
    let (_, orders) = parse(partial).map_err(io::Error::other)?;
    let orders = orders.map(|order| order.map_err(io::Error::other));
    write_orders(orders, to, |_, _| successor)
}

/// Writes each contact, or its successor if it has one.
pub(crate) fn write_orders<'c>(
    orders: impl Iterator<Item = io::Result<ExportedOrder>>,
    mut rows: ContactWriter<impl Write>,
    successor: impl Fn(OrderId, ContactType) -> Option<&'c Contact>,
) -> io::Result<ExportSummary> {
    let mut summary = ExportSummary::default();
    for order in orders {
        let order = order?;
        summary.orders += 1;
        let details = [&order.common_name, &order.status, &order.product];
        let details = details.map(|text| printable(text.as_deref().unwrap_or_default()));
        let details = details.each_ref().map(AsRef::as_ref);
        let contacts = [order.organization_contact, order.technical_contact];
        for (contact_type, contact) in ContactType::ALL.into_iter().zip(contacts) {
            let Some(contact) = contact else { continue };
            summary.contacts += 1;
            let mut fields = Field::TEXT.into_iter().filter(|f| *f != Field::LanguageId);
            summary.incomplete += usize::from(fields.any(|field| !contact.is_readable(field)));
            let successor = successor(order.order_id, contact_type);
            let value = |field| match successor {
                Some(successor) => successor.get(field),
                None => contact.get(field),
            };
            rows.write(order.order_id, contact_type, value, &details)?;
        }
    }
    rows.finish()?;
    Ok(summary)
}

impl ExportedOrder {
    pub(crate) fn new(order_id: OrderId, order: Order) -> Self {
        let product = order.product;
        Self {
            order_id,
            common_name: order.common_name,
            status: order.status,
            product: product.and_then(|product| product.name.or(product.name_id)),
            organization_contact: order.organization_contact,
            technical_contact: order.technical_contact,
        }
    }
}

pub(crate) fn write_line(mut to: impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    to.write_all(&bytes)
}

/// The number of bytes in complete lines.
pub(crate) fn complete_length(partial: &[u8]) -> usize {
    memchr::memrchr(b'\n', partial).map_or(0, |index| index + 1)
}

/// Parses the head and the complete lines.
pub(crate) fn parse(
    partial: &[u8],
) -> Result<
    (
        ExportHead<'_>,
        impl Iterator<Item = Result<ExportedOrder, FileError>>,
    ),
    FileError,
> {
    let format = FileFormat::PartialExport;
    let end = complete_length(partial).saturating_sub(1);
    let mut lines = partial[..end].split(|byte| *byte == b'\n');
    let head = lines.next().unwrap_or_default();
    format.check(head)?;
    let head = serde_json::from_slice(head).map_err(|error| format.damaged(1, &error))?;
    let orders = (2..).zip(lines).map(move |(number, line)| {
        serde_json::from_slice(line).map_err(|error| format.damaged(number, &error))
    });
    Ok((head, orders))
}

use contacts_bulk::{Failure, FailureKind, OrderApi};
use contacts_core::{ContactType, Order, OrderId};

use crate::args::Get;
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;
use crate::view::contacts::ContactRow;

pub(crate) fn run(args: &Get, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let orders = args.orders.iter().map(|text| OrderId::parse(text));
    let orders: Vec<_> = orders
        .collect::<Result<_, _>>()
        .map_err(CommandError::usage)?;
    let format = session.table_format(&args.table)?;
    let connected = connection::open(&args.connection, session)?;
    let mut exit = Exit::Done;
    let mut read: Vec<(OrderId, Order)> = Vec::new();
    let mut failed = Vec::new();
    let mut rest = orders.iter().copied();
    for id in rest.by_ref() {
        match connected.client.read(id) {
            Ok(order) => {
                if format.is_none() {
                    session.text(&view::text::order(id, &order));
                }
                read.push((id, order));
            }
            Err(failure) => {
                session.error(&failure);
                exit = exit_after(&failure);
                failed.push((id, failure));
                if exit != Exit::SomeFailed {
                    break;
                }
            }
        }
    }
    let skipped: Vec<_> = rest.collect();
    if let Some(format) = format.filter(|_| !session.json) {
        view::contacts::print(&rows(&read), format, &args.table, session);
    }
    if session.json {
        session.document(&view::json::orders(&read, &failed, &skipped));
    } else if !skipped.is_empty() {
        session.error(format!(
            "stopped, {} skipped",
            view::text::orders(skipped.len())
        ));
    }
    Ok(exit)
}

/// Other orders can still be read after a failure of one order.
fn exit_after(failure: &Failure) -> Exit {
    match failure.kind() {
        FailureKind::NotFound | FailureKind::Other => Exit::SomeFailed,
        _ => Exit::after(failure),
    }
}

/// The contacts that the orders have.
fn rows(orders: &[(OrderId, Order)]) -> Vec<ContactRow<'_>> {
    let rows = orders.iter().flat_map(|(order_id, order)| {
        ContactType::ALL.into_iter().filter_map(|contact_type| {
            Some(ContactRow {
                order_id: *order_id,
                order,
                contact_type,
                contact: order.contact(contact_type)?,
                reason: None,
            })
        })
    });
    rows.collect()
}

use contacts_bulk::{Failure, FailureKind, OrderApi};
use contacts_core::{Order, OrderId};

use crate::args::Get;
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Get, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let orders = args.orders.iter().map(|text| OrderId::parse(text));
    let orders: Vec<_> = orders
        .collect::<Result<_, _>>()
        .map_err(CommandError::usage)?;
    let connected = connection::open(&args.connection, session)?;
    let mut exit = Exit::Done;
    let mut read: Vec<(OrderId, Order)> = Vec::new();
    let mut failed = Vec::new();
    let mut rest = orders.iter().copied();
    for id in rest.by_ref() {
        match connected.client.read(id) {
            Ok(order) => {
                session.text(&view::text::order(id, &order));
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

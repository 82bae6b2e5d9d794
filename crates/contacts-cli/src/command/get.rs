use contacts_bulk::{Failure, FailureKind, OrderApi};
use contacts_core::{Order, OrderId};

use crate::abort::{Abort, exit_of};
use crate::args::Get;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Get, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let orders = ids(&args.orders)?;
    let connected = connection::open(&args.connection, io, stop)?;
    let mut exit = Exit::Done;
    let mut read: Vec<(OrderId, Order)> = Vec::new();
    let mut failed = Vec::new();
    // Those after a failure that the others would meet as well.
    let mut skipped = Vec::new();
    for (at, id) in orders.iter().copied().enumerate() {
        match connected.client.read(id) {
            Ok(order) => {
                if !args.output.json {
                    io.out(&view::text::order(id, &order));
                }
                read.push((id, order));
            }
            Err(failure) => {
                io.err(&format!("error: {failure}\n"));
                exit = exit_after(&failure);
                failed.push((id, failure));
                if exit != Exit::SomeFailed {
                    skipped = orders[at + 1..].to_vec();
                    break;
                }
            }
        }
    }
    if args.output.json {
        io.out(&view::json::orders(&read, &failed, &skipped));
    } else if !skipped.is_empty() {
        let count = skipped.len();
        io.err(&format!("error: stopped, {count} more not tried\n"));
    }
    Ok(exit)
}

fn exit_after(failure: &Failure) -> Exit {
    match failure.kind() {
        FailureKind::NotFound | FailureKind::Other => Exit::SomeFailed,
        _ => exit_of(failure),
    }
}

fn ids(texts: &[String]) -> Result<Vec<OrderId>, Abort> {
    let parsed = texts.iter().map(|text| OrderId::parse(text));
    parsed
        .collect::<Result<_, _>>()
        .map_err(|violation| Abort::usage(violation.to_string()))
}

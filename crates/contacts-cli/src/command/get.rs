use contacts_bulk::{FailureKind, Orders};
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
    for id in orders {
        match connected.client.order(id) {
            Ok(order) => {
                if !args.output.json {
                    io.out(&view::text::order(id, &order));
                }
                read.push((id, order));
            }
            Err(failure) => {
                io.err(&format!("error: {failure}\n"));
                let more = matches!(failure.kind(), FailureKind::NotFound | FailureKind::Other);
                exit = if more {
                    Exit::SomeFailed
                } else {
                    exit_of(&failure)
                };
                failed.push((id, failure));
                if !more {
                    break;
                }
            }
        }
    }
    if args.output.json {
        io.out(&view::json::orders(&read, &failed));
    }
    Ok(exit)
}

fn ids(texts: &[String]) -> Result<Vec<OrderId>, Abort> {
    let parsed = texts.iter().map(|text| OrderId::parse(text));
    parsed
        .collect::<Result<_, _>>()
        .map_err(|violation| Abort::usage(violation.to_string()))
}

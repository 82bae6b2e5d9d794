use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;

use contacts_sandbox::{Account, Builder, ManualClock, RateLimits};

use crate::args::{RateLimit, Sandbox};
use crate::cancel::CancelToken;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::{self, Session};
use crate::view;

pub(crate) fn run(args: &Sandbox, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let started = builder(args)?.start();
    let sandbox = started.map_err(|error| listen_error(args, &error))?;
    if let Some(warning) = sandbox.warning() {
        session.warn(warning);
    }
    session.io.out(&if session.json {
        view::json::sandbox(&sandbox)
    } else {
        view::text::sandbox(&sandbox)
    });
    if !session.io.flush() {
        return Err(CommandError::failed(
            "cannot print the address of the sandbox, so it was stopped",
        ));
    }
    while !session.cancel.is_cancelled() {
        thread::sleep(CancelToken::POLL);
    }
    if let Some(file) = &args.save {
        sandbox.save(file).map_err(|error| {
            let name = session::name(file);
            CommandError::failed(format!("cannot save the account to `{name}`: {error}"))
        })?;
    }
    Ok(Exit::Done)
}

fn builder(args: &Sandbox) -> Result<Builder, CommandError> {
    let limits = match RateLimit::windows(&args.rate_limits) {
        Some(_) if args.rate_limits.is_empty() => RateLimits::documented(),
        Some(windows) => RateLimits::new(windows),
        None => RateLimits::new([]),
    };
    let mut builder = contacts_sandbox::Sandbox::builder()
        .address((args.address, args.port).into())
        .rate_limits(limits);
    if let Some(port) = args.admin_port {
        builder = builder.admin((Ipv4Addr::LOCALHOST, port).into());
    }
    if let Some(orders) = args.orders {
        builder = builder.account(Account::seeded(orders, args.seed));
    }
    if let Some(file) = &args.snapshot {
        builder = builder.snapshot(file).map_err(|error| {
            let exit = match error.kind() {
                ErrorKind::InvalidData | ErrorKind::NotFound => Exit::BadInput,
                _ => Exit::Failed,
            };
            let name = session::name(file);
            let message = format!("cannot load the account from `{name}`: {error}");
            CommandError::new(exit, message)
        })?;
    }
    if args.manual_clock {
        builder = builder.clock(ManualClock::default());
    }
    Ok(args.faults.iter().cloned().fold(builder, Builder::fault))
}

fn listen_error(args: &Sandbox, error: &Error) -> CommandError {
    let address = SocketAddr::from((args.address, args.port));
    let admin = args.admin_port.filter(|port| *port > 0);
    let admin = admin.map(|port| format!(", with admin port {port}"));
    let admin = admin.unwrap_or_default();
    CommandError::failed(format!(
        "the sandbox cannot listen on {address}{admin}: {error}"
    ))
}

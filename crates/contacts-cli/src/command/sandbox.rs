use std::io::{Error, ErrorKind};
use std::net::Ipv4Addr;
use std::thread;

use contacts_sandbox::{Account, Builder, ManualClock, RateLimits};

use crate::abort::Abort;
use crate::args::{RateLimit, Sandbox};
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Sandbox, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let sandbox = builder(args)?
        .start()
        .map_err(|error| not_started(args, &error))?;
    if let Some(warning) = sandbox.warning() {
        io.err(&format!("WARNING: {warning}\n"));
    }
    let told = if args.output.json {
        view::json::sandbox(&sandbox)
    } else {
        view::text::sandbox(&sandbox)
    };
    io.out(&told);
    if !io.flush() {
        let message = "the sandbox was stopped, since nobody can be told its address";
        return Err(Abort::new(Exit::Failed, message));
    }
    while !stop.requested() {
        thread::sleep(Stop::POLL);
    }
    if let Some(file) = &args.save {
        sandbox.save(file).map_err(|error| {
            let name = source::name(file);
            let message = format!("the account can't be written to `{name}`: {error}");
            Abort::new(Exit::Failed, message)
        })?;
    }
    Ok(Exit::Done)
}

fn builder(args: &Sandbox) -> Result<Builder, Abort> {
    let mut builder = contacts_sandbox::Sandbox::builder()
        .address((args.address, args.port).into())
        .rate_limits(rate_limits(&args.rate_limits));
    if let Some(port) = args.admin_port {
        builder = builder.admin((Ipv4Addr::LOCALHOST, port).into());
    }
    if let Some(orders) = args.orders {
        builder = builder.account(Account::seeded(orders, args.seed));
    }
    if let Some(file) = &args.snapshot {
        let name = source::name(file);
        builder = builder.snapshot(file).map_err(|error| {
            let exit = match error.kind() {
                ErrorKind::InvalidData | ErrorKind::NotFound => Exit::BadInput,
                _ => Exit::Failed,
            };
            Abort::new(
                exit,
                format!("the account can't be read from `{name}`: {error}"),
            )
        })?;
    }
    if args.manual_clock {
        builder = builder.clock(ManualClock::default());
    }
    Ok(args.faults.iter().cloned().fold(builder, Builder::fault))
}

/// None given are the documented ones; `off` beside others is none.
fn rate_limits(given: &[RateLimit]) -> RateLimits {
    if given.is_empty() {
        return RateLimits::documented();
    }
    let windows: Option<Vec<_>> = given
        .iter()
        .map(|limit| match *limit {
            RateLimit::Off => None,
            RateLimit::Window(count, window) => Some((count, window)),
        })
        .collect();
    RateLimits::new(windows.unwrap_or_default())
}

fn not_started(args: &Sandbox, error: &Error) -> Abort {
    let address = std::net::SocketAddr::from((args.address, args.port));
    let admin = args.admin_port.filter(|port| *port > 0);
    let admin = admin.map(|port| format!(" with its admin address on port {port}"));
    let admin = admin.unwrap_or_default();
    let message = format!("the sandbox can't listen on {address}{admin}: {error}");
    Abort::new(Exit::Failed, message)
}

use std::io::{BufRead, BufReader};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use contacts_bulk::{Plan, PlanSummary, Report};

use crate::abort::{Abort, exit_of};
use crate::args::Apply;
use crate::command::input;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Apply, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let text = !args.output.json;
    let input = input::read(&args.file, args.reading.trim, io)?;
    let connected = connection::open(&args.connection, io, stop)?;
    let client = &connected.client;

    let plan = Plan::new(input, client, |order| {
        if text {
            io.out(&view::text::planned(order));
        }
    });
    let plan =
        plan.map_err(|stopped| Abort::new(exit_of(stopped.failure()), stopped.to_string()))?;
    if text {
        io.out(&view::text::plan_summary(&plan.summary()));
    }

    permit(args, &plan.summary(), io, stop)?;
    let report = plan.apply(client, !args.no_verify, |result| {
        if text {
            io.out(&view::text::result(result));
        }
    });
    io.out(&if text {
        view::text::report(&report)
    } else {
        view::json::report(&plan, &report)
    });
    Ok(exit(&report, io))
}

/// Whether orders may be changed: there are none to change, `--yes` was given, or somebody says so.
fn permit(args: &Apply, plan: &PlanSummary, io: &mut Io<'_>, stop: &Stop) -> Result<(), Abort> {
    if plan.changes == 0 || args.yes {
        return Ok(());
    }
    if args.output.json || !io.interactive() {
        let message = "nothing was changed: nobody is here to answer, so --yes is needed";
        return Err(Abort::usage(message));
    }
    let question = match plan.changes {
        1 => "Change 1 order? This can't be undone by DigiCert. [y/N] ".to_owned(),
        n => format!("Change {n} orders? This can't be undone by DigiCert. [y/N] "),
    };
    io.err(&question);
    match answer(io, stop).as_deref() {
        Some("y" | "yes") => Ok(()),
        Some(_) => Err(Abort::new(Exit::Failed, "nothing was changed")),
        None => Err(Abort::new(
            Exit::Interrupted,
            "stopped, nothing was changed",
        )),
    }
}

/// A line of standard input in lower case; `None` when a stop was requested first. The line is
/// read on a thread of its own, since reading it can't be interrupted.
fn answer(io: &mut Io<'_>, stop: &Stop) -> Option<String> {
    const POLL: Duration = Duration::from_millis(50);
    let stdin = io.take_stdin()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        // What can't be read is no yes.
        let _ = BufReader::new(stdin).read_line(&mut line);
        let _ = sender.send(line.trim().to_ascii_lowercase());
    });
    loop {
        match receiver.recv_timeout(POLL) {
            Ok(line) => return Some(line),
            Err(RecvTimeoutError::Timeout) if !stop.requested() => {}
            Err(_) => return None,
        }
    }
}

fn exit(report: &Report, io: &mut Io<'_>) -> Exit {
    if let Some(failure) = report.stopped() {
        io.err(&view::text::stopped(failure, report.summary().not_tried));
        return exit_of(failure);
    }
    if report.summary().all_done() {
        Exit::Done
    } else {
        Exit::SomeFailed
    }
}

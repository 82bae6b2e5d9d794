use std::io::{BufRead, BufReader};

use contacts_bulk::{Plan, PlanSummary, Report};

use crate::abort::{Abort, exit_of};
use crate::args::Apply;
use crate::command::input;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Apply, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let text = !args.output.json;
    if args.output.json && !args.yes {
        return Err(Abort::usage(
            "--json asks nobody, so --yes is needed; nothing was changed",
        ));
    }
    let input = input::read(&args.file, args.reading.trim, io, stop)?;
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
    if !io.interactive() {
        let message = "nothing was changed: where nobody can be asked, --yes is needed";
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

/// A line of standard input in lower case; `None` when a stop was requested first.
fn answer(io: &mut Io<'_>, stop: &Stop) -> Option<String> {
    let stdin = io.take_stdin()?;
    let line = move || {
        let mut line = String::new();
        // What can't be read is no yes.
        let _ = BufReader::new(stdin).read_line(&mut line);
        line.trim().to_ascii_lowercase()
    };
    source::until_stopped(line, stop)
}

fn exit(report: &Report, io: &mut Io<'_>) -> Exit {
    let left = report.summary().not_tried;
    if let Some(failure) = report.stopped() {
        let exit = exit_of(failure);
        if left > 0 {
            io.err(&view::text::stopped(failure, left));
            return exit;
        }
        // It ran to its end, only not well; but what stops others is worth telling.
        return if exit == Exit::Failed {
            Exit::SomeFailed
        } else {
            exit
        };
    }
    if report.summary().all_done() {
        Exit::Done
    } else {
        Exit::SomeFailed
    }
}

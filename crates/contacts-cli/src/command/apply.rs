use contacts_bulk::{Plan, Report};

use crate::abort::{Abort, exit_of};
use crate::args::Apply;
use crate::command::{consent, input};
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Apply, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let text = !args.output.json;
    consent::possible(args.output.json, args.yes)?;
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

    consent::permit(plan.summary().changes, args.yes, io, stop)?;
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

pub(crate) fn exit(report: &Report, io: &mut Io<'_>) -> Exit {
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

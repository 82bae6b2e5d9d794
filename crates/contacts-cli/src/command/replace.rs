use std::path::Path;

use contacts_bulk::ExportFilter;
use contacts_core::{Contact, Field, ReadError, Violation};

use crate::abort::Abort;
use crate::args::Replace;
use crate::command::new_file::NewFile;
use crate::command::{exporting, input, plan};
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view::ExportDone;

pub(crate) fn run(args: &Replace, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    exporting::free(&args.output_file)?;
    args.plan.as_deref().map_or(Ok(()), exporting::free)?;
    let successor = successor(&args.successor, io, stop)?;
    let mut wanted = ExportFilter::default().email(&args.from);
    if let Some(status) = &args.status {
        wanted = wanted.status(status);
    }
    let connected = connection::open(&args.connection, io, stop)?;
    let json = args.output.json;
    let done = exporting::export(
        &args.output_file,
        wanted,
        Some(&successor),
        &connected,
        json,
        io,
    )?;
    remark(&done, &successor, io);
    let plan = args.plan.as_deref().filter(|_| done.exported.contacts > 0);
    let Some(plan_file) = plan else {
        return Ok(exporting::tell(&done, json, io));
    };
    // With --json the plan is the one document.
    let read = if json {
        exporting::exit(&done)
    } else {
        exporting::tell(&done, json, io)
    };
    let input = input::read(&args.output_file, false, io, stop)?;
    let (file, name) = (NewFile::claim(plan_file)?, source::name(plan_file));
    let summary = plan::make(input, &connected, Some(file), Some(&name), json, io)?;
    Ok(match read {
        Exit::Done => plan::exit(&summary, false),
        exit => exit,
    })
}

/// What would surprise: nobody was found, or something of the person before stays.
fn remark(done: &ExportDone, successor: &Contact, io: &mut Io<'_>) {
    if done.exported.contacts == 0 {
        io.err("note: no contact has this e-mail address\n");
        return;
    }
    let optional = [Field::JobTitle, Field::Telephone].into_iter();
    let missing: Vec<_> = optional
        .filter(|field| successor.get(*field).is_none())
        .map(Field::as_str)
        .collect();
    if !missing.is_empty() {
        io.err(&format!(
            "note: the successor has no {}, so orders keep that of the person before\n",
            missing.join(" and no ")
        ));
    }
}

fn successor(file: &Path, io: &mut Io<'_>, stop: &Stop) -> Result<Contact, Abort> {
    let name = source::name(file);
    let unusable =
        |why: String| Abort::new(Exit::BadInput, format!("`{name}` can't be used:{why}"));
    let bytes = source::read(file, io, stop)?.map_err(|error| unusable(format!(" {error}")))?;
    Contact::from_json(&bytes).map_err(|error| match error {
        ReadError::Violations(violations) => {
            let lines = violations.iter().map(Violation::to_string);
            let lines: Vec<_> = lines.map(|line| format!("\n  {line}")).collect();
            unusable(lines.concat())
        }
        error => unusable(format!(" {error}")),
    })
}

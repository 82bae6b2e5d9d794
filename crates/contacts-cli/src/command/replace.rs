use contacts_bulk::export::ExportFilter;
use contacts_bulk::input::ReadOptions;
use contacts_core::{Contact, Field};

use crate::args::Replace;
use crate::command::new_file::{self, NewFile};
use crate::command::{export_run, input, plan};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

const SUCCESSOR: &str = concat!(
    "one contact as a JSON object, such as ",
    r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}"#,
);

pub(crate) fn run(args: &Replace, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    new_file::require_absent(&args.output_file)?;
    args.plan
        .as_deref()
        .map_or(Ok(()), new_file::require_absent)?;
    let successor = input::read_json(&args.successor, SUCCESSOR, Contact::from_json, session)?;
    let mut filter = ExportFilter::default().email(&args.from);
    if let Some(status) = &args.status.status {
        filter = filter.status(status);
    }
    if let Some(warning) = args.status.warning() {
        session.warn(warning);
    }
    let connected = connection::open(&args.connection, session)?;
    let output = &args.output_file;
    let result = export_run::export(output, filter, Some(&successor), &connected, session)?;
    let found = result.summary.contacts > 0;
    session.io.err(&notes(found, &successor));
    let plan_file = args.plan.as_deref().filter(|_| found);
    // With --json, the plan is the one document.
    if plan_file.is_none() || !session.json {
        result.print(session);
    }
    let Some(plan_file) = plan_file else {
        return Ok(result.exit());
    };
    let input = input::read(output, &ReadOptions::default(), session)?;
    let file = NewFile::create(plan_file)?;
    let summary = plan::make(input, &connected, Some(file), session)?;
    Ok(match result.exit() {
        Exit::Done => plan::exit(&summary),
        exit => exit,
    })
}

/// Points out that the person was not found, or that orders keep values of that person.
fn notes(found: bool, successor: &Contact) -> String {
    if !found {
        return "note: no contact has this e-mail address\n".to_owned();
    }
    let optional = [Field::JobTitle, Field::Telephone].into_iter();
    let missing = optional.filter(|field| successor.get(*field).is_none());
    let missing: Vec<_> = missing.map(Field::as_str).collect();
    if missing.is_empty() {
        return String::new();
    }
    format!(
        "note: the successor has no {}, so orders keep the previous value\n",
        missing.join(" and no ")
    )
}

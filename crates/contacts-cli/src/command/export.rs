use contacts_bulk::export::ExportFilter;

use crate::args;
use crate::command::{export_run, new_file};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn run(
    args: &args::Export,
    session: &mut Session<'_, '_>,
) -> Result<Exit, CommandError> {
    let mut filter = ExportFilter::default();
    if let Some(email) = &args.contact {
        filter = filter.email(email);
    }
    if let Some(status) = &args.status.status {
        filter = filter.status(status);
    }
    if args.technical_only {
        filter = filter.technical_only();
    }
    new_file::require_absent(&args.output_file)?;
    if let Some(warning) = args.status.warning() {
        session.warn(warning);
    }
    let connected = connection::open(&args.connection, session)?;
    let result = export_run::export(&args.output_file, filter, &connected, session)?;
    result.print(session);
    Ok(result.exit())
}

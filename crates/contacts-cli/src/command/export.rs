use contacts_bulk::ExportFilter;

use crate::abort::Abort;
use crate::args;
use crate::command::exporting;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;

pub(crate) fn run(args: &args::Export, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let mut wanted = ExportFilter::default();
    if let Some(email) = &args.contact {
        wanted = wanted.email(email);
    }
    if let Some(status) = &args.status {
        wanted = wanted.status(status);
    }
    if args.technical_only {
        wanted = wanted.technical_only();
    }
    exporting::free(&args.output_file)?;
    let connected = connection::open(&args.connection, io, stop)?;
    let done = exporting::export(
        &args.output_file,
        wanted,
        None,
        &connected,
        args.output.json,
        io,
    )?;
    Ok(exporting::tell(&done, args.output.json, io))
}

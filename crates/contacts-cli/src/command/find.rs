use contacts_bulk::search::SearchResult;

use crate::args::{Find, OutputFormat};
use crate::command::search;
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;
use crate::view::contacts::ContactRow;

pub(crate) fn run(args: &Find, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let format = session.table_format(&args.table)?;
    let connected = connection::open(&args.connection, session)?;
    let terms = args.terms.iter().cloned();
    let search = args.search.search(terms);
    let result = search::run(&search, &args.search.status, &connected, session)?;
    search::print_sources(&result, session);
    if session.json {
        session.document(&view::json::found(&result));
    } else {
        let format = match format {
            _ if args.csv => OutputFormat::Csv,
            format => format.unwrap_or(OutputFormat::Table),
        };
        view::contacts::print(&rows(&result), format, &args.table, session);
    }
    Ok(search::exit(&result))
}

fn rows(result: &SearchResult) -> Vec<ContactRow<'_>> {
    let rows = result.orders().iter().flat_map(|found| {
        let contacts = found.matching();
        contacts.map(|(contact_type, contact)| ContactRow {
            order_id: found.order_id,
            order: &found.order,
            contact_type,
            contact,
            reason: None,
        })
    });
    rows.collect()
}

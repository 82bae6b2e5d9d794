use std::path::Path;

use contacts_bulk::audit::{Audit, AuditReport, AuditedContact, Directory, DirectoryFormat};
use contacts_bulk::report::audit_page;
use contacts_bulk::search::Search;
use contacts_core::{Order, OrderContact};

use crate::args::{self, OutputFormat};
use crate::command::new_file::NewFile;
use crate::command::{input, plan, search};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::{self, Session};
use crate::view;
use crate::view::contacts::ContactRow;

pub(crate) fn run(args: &args::Audit, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let format = session.table_format(&args.table)?;
    let audit = audit(args, session)?;
    let page = args.html.as_deref().map(NewFile::create).transpose()?;
    let (orders, exit) = orders(args, session)?;
    let report = audit.run(orders);
    if let Some(page) = page {
        page.write(|writer| writer.write_all(audit_page(&report).as_bytes()))?;
    }
    if session.json {
        session.document(&view::json::audit(&report));
    } else {
        let format = format.unwrap_or(OutputFormat::Table);
        print(&report, format, args, session);
        session.io.err(&view::text::audited(&report));
    }
    Ok(match exit {
        Exit::Done if args.detailed_exitcode && !report.contacts.is_empty() => Exit::ChangesPending,
        exit => exit,
    })
}

fn audit(args: &args::Audit, session: &mut Session<'_, '_>) -> Result<Audit, CommandError> {
    let mut audit = Audit::default();
    for domain in &args.allowed_domains {
        let error = |error| CommandError::usage(format!("--allowed-domains: {error}"));
        audit = audit.allow_domain(domain).map_err(error)?;
    }
    for contact_type in &args.role_mailbox {
        audit = audit.role_mailbox(*contact_type);
    }
    if let Some(file) = &args.directory {
        audit = audit.directory(directory(file, session)?);
    }
    Ok(audit)
}

fn directory(file: &Path, session: &mut Session<'_, '_>) -> Result<Directory, CommandError> {
    let bytes = input::read_bytes(file, session)?;
    let format = DirectoryFormat::of(&session::name(file), &bytes);
    Directory::read(&bytes, format).map_err(|error| CommandError::bad_file(file, error))
}

/// The orders of an export, or of the account.
fn orders(
    args: &args::Audit,
    session: &mut Session<'_, '_>,
) -> Result<(Vec<Order>, Exit), CommandError> {
    if let Some(state) = &args.state {
        let snapshot = plan::snapshot(state, session)?;
        return Ok((snapshot.orders().collect(), Exit::Done));
    }
    let connected = connection::open(&args.connection, session)?;
    let mut search = Search::all();
    if let Some(status) = &args.status.status {
        search = search.status(status);
    }
    let found = search::run(&search, &args.status, &connected, session)?;
    let orders = found.orders().iter().map(|found| {
        let mut order = found.order.clone();
        order.id = Some(found.order_id);
        order
    });
    Ok((orders.collect(), search::exit(&found)))
}

fn print(
    report: &AuditReport,
    format: OutputFormat,
    args: &args::Audit,
    session: &mut Session<'_, '_>,
) {
    let none = OrderContact::default();
    let reasons: Vec<_> = report.contacts.iter().map(AuditedContact::reason).collect();
    let rows = report.contacts.iter().zip(&reasons);
    let rows: Vec<_> = rows
        .map(|(found, reason)| ContactRow {
            order_id: found.order_id,
            order: &found.order,
            contact_type: found.contact_type,
            contact: found.order.contact(found.contact_type).unwrap_or(&none),
            reason: Some(reason),
        })
        .collect();
    view::contacts::print(&rows, format, &args.table, session);
}

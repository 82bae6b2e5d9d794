use contacts_bulk::{Replay, Timeline, html_report};
use contacts_core::printable;

use crate::abort::Abort;
use crate::args::Report;
use crate::command::new_file::NewFile;
use crate::command::running;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Report, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let page_file = NewFile::claim(&args.output_file)?;
    let name = source::name(&args.journal);
    let bytes = source::read(&args.journal, io, stop)?;
    let bytes = bytes.map_err(|error| running::unreadable(&name, &error))?;
    let replay = running::replay(&name, &bytes)?;
    let timeline = Timeline::read(&bytes);
    let who = if args.whoami {
        Some(who(args, &replay, io, stop)?)
    } else {
        None
    };
    let page = html_report(&replay, &timeline, who.as_deref());
    let file = source::name(&args.output_file);
    page_file.fill(|to| to.write_all(page.as_bytes()))?;
    let orders = replay.plan().plan().orders().len();
    io.out(&if args.output.json {
        view::json::reported(&file, orders)
    } else {
        view::text::reported(&file, orders)
    });
    Ok(Exit::Done)
}

/// Whom the key acts for, if the run was made with it: another key's owner did not make the run.
fn who(args: &Report, replay: &Replay, io: &mut Io<'_>, stop: &Stop) -> Result<String, Abort> {
    let connected = connection::open(&args.connection, io, stop)?;
    replay
        .check(&connected.account, false)
        .map_err(|refused| Abort::usage(refused.to_string()))?;
    let user = connected.client.whoami();
    let user = user.map_err(|error| Abort::request(&error.into()))?;
    let name = user
        .username
        .unwrap_or_else(|| "(user not told)".to_owned());
    let account = user.account.and_then(|account| account.id);
    let account = account.map_or("(not told)".to_owned(), |id| id.to_string());
    Ok(format!("{}, account {account}", printable(&name)))
}

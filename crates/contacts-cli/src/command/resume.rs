use contacts_bulk::{JournalFile, Run};

use crate::abort::Abort;
use crate::args::Resume;
use crate::command::consent;
use crate::command::new_file;
use crate::command::running::{self, Kept};
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Resume, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    consent::possible(args.output.json, args.running.yes)?;
    let name = source::name(&args.journal);
    let opened = JournalFile::open(&args.journal);
    let (mut file, bytes) = opened.map_err(|error| running::unreadable(&name, &error))?;
    let replay = running::replay(&name, &bytes)?;
    drop(bytes);
    let rejects = running::claim_rejects(&args.running)?;
    let connected = connection::open(&args.connection, io, stop)?;
    replay
        .check(&connected.account, args.other_key)
        .map_err(|refused| running::refused(&name, &refused))?;
    let open = replay.open();
    if !args.output.json {
        io.out(&view::text::resumed(&name, &replay, open));
    }
    let changes = args.running.limit.unwrap_or(open).min(open);
    consent::permit(changes, args.running.yes, io, stop)?;
    let length = u64::try_from(replay.length()).unwrap_or(u64::MAX);
    let written = file.cut(length).and_then(|()| {
        let clock = io.clock();
        Run::resume(replay, &connected.account, file, move || clock())
    });
    let mut run = written.map_err(|error| new_file::unusable(&args.journal, &error))?;
    let kept = Kept::new(&args.journal, &args.connection);
    let (client, json) = (&connected.client, args.output.json);
    Ok(running::apply(
        &mut run,
        &args.running,
        rejects,
        Some(&kept),
        client,
        json,
        io,
    ))
}

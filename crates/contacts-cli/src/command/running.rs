//! Carrying out a plan: what people see meanwhile, and what is left behind.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use contacts_bulk::{
    AccountMismatch, Failure, FailureKind, JournalError, JournalStorage, OrderResult, PlannedOrder,
    Replay, Report, Run, RunDocument, RunEvent, RunSettings, write_rejects,
};
use contacts_http::Client;

use crate::abort::Abort;
use crate::args::{Connection, Running};
use crate::command::ending;
use crate::command::new_file::NewFile;
use crate::exit::Exit;
use crate::io::Io;
use crate::progress::Progress;
use crate::source;
use crate::view;

/// Where a run is kept, and how it is gone on with.
pub(crate) struct Kept {
    pub(crate) journal: String,
    pub(crate) resume: String,
}

impl Kept {
    pub(crate) fn new(journal: &Path, connection: &Connection) -> Self {
        Self {
            journal: source::name(journal),
            resume: ending::resume_command(journal, connection),
        }
    }
}

/// A file for the orders that fail, claimed before anything is sent.
pub(crate) fn claim_rejects(args: &Running) -> Result<Option<(PathBuf, NewFile)>, Abort> {
    let claim = |path: &PathBuf| Ok((path.clone(), NewFile::claim(path)?));
    args.rejects.as_ref().map(claim).transpose()
}

/// Everything from the first request to the exit code.
pub(crate) fn apply<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &mut Run<S, C>,
    args: &Running,
    rejects: Option<(PathBuf, NewFile)>,
    kept: Option<&Kept>,
    client: &Client,
    json: bool,
    io: &mut Io<'_>,
) -> Exit {
    let report = send(run, args, client, !json, io);
    // A line that is missing from the journal leaves its order open as well.
    let cut_off = |failure: &Failure| failure.kind() == FailureKind::Journal;
    let open = run.open() > 0 || report.stopped().is_some_and(cut_off);
    let resume = kept.filter(|_| open).map(|kept| kept.resume.as_str());
    let rejected = rejects.map_or(Ok(None), |(path, file)| write(run, &report, &path, file));
    if json {
        let mut document = RunDocument::new(run.plan(), &report);
        if let Some(kept) = kept {
            document = document.with_journal(&kept.journal, resume);
        }
        view::json::long_document(&document, io);
    } else {
        io.out(&view::text::report(&report));
        if let Ok(Some((orders, name))) = &rejected {
            io.out(&view::text::rejected(*orders, name));
        }
    }
    // What was changed is told in any case.
    if let Err(abort) = &rejected {
        io.err(&format!("error: {}\n", abort.message));
    }
    let exit = ending::exit(&report, resume, io);
    match rejected {
        Err(abort) if matches!(exit, Exit::Done | Exit::SomeFailed) => abort.exit,
        _ => exit,
    }
}

fn send<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &mut Run<S, C>,
    args: &Running,
    client: &Client,
    text: bool,
    io: &mut Io<'_>,
) -> Report {
    let mut settings = RunSettings::default()
        .concurrency(args.concurrency)
        .check_again(args.check_again)
        .verify(args.verify || !args.no_verify);
    if let Some(limit) = args.limit {
        settings = settings.limit(limit);
    }
    if let Some(failures) = args.stop_after_failures {
        settings = settings.stop_after_failures(failures.get());
    }
    let open = args.limit.unwrap_or(usize::MAX).min(run.open());
    let planned = run.plan().orders().iter();
    let settled = planned.filter(|order| !order.needs_request());
    // What became of them was told with the plan.
    let settled: HashSet<_> = settled.map(PlannedOrder::order).collect();
    let mut progress = Progress::new("changing", open, io);
    let report = run.apply(&settings, client, |event| match event {
        RunEvent::Ended(result) => {
            if text && !settled.contains(&result.order()) {
                io.out(&view::text::result(result));
            }
            match result.result() {
                OrderResult::Skipped => {}
                _ if settled.contains(&result.order()) => {}
                OrderResult::Changed(_) | OrderResult::Unchanged => progress.ended(false, io),
                _ => progress.ended(true, io),
            }
        }
        _ => progress.draw(io),
    });
    progress.clear(io);
    report
}

/// Writes the orders that failed, if there are any; says how many and where.
fn write<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &Run<S, C>,
    report: &Report,
    path: &Path,
    file: NewFile,
) -> Result<Option<(usize, String)>, Abort> {
    let mut orders = 0;
    let mut rows = Vec::new();
    let written = write_rejects(run.plan(), report, &mut rows);
    if let Ok(rejected) = written {
        orders = rejected;
    }
    if orders == 0 {
        return Ok(None);
    }
    file.fill(|to| to.write_all(&rows))?;
    Ok(Some((orders, source::name(path))))
}

pub(crate) fn replay(name: &str, bytes: &[u8]) -> Result<Replay, Abort> {
    Replay::read(bytes).map_err(|error: JournalError| unreadable(name, &error))
}

pub(crate) fn unreadable(name: &str, error: &dyn std::error::Error) -> Abort {
    Abort::new(Exit::BadInput, format!("`{name}` can't be used: {error}"))
}

pub(crate) fn refused(name: &str, refused: &AccountMismatch) -> Abort {
    let hint = match refused {
        AccountMismatch::Key => {
            "; if it is another key of the same account, use --other-key; nothing was sent"
        }
        _ => "; nothing was sent",
    };
    Abort::new(Exit::BadInput, format!("`{name}`: {refused}{hint}"))
}

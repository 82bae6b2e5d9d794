//! Runs a plan: from the first request to the exit code.

use std::collections::HashSet;
use std::path::Path;
use std::time::SystemTime;

use contacts_bulk::report::{RunDocument, write_rejects};
use contacts_bulk::{
    FailureKind, JournalStorage, OrderResult, PlannedOrder, Report, Run, RunEvent, RunSettings,
    RunSummary, State,
};
use contacts_core::printable;
use contacts_http::Client;

use crate::args::{Connection, RunOptions};
use crate::command::new_file::NewFile;
use crate::command::notify::EndedRun;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::{self, Session};
use crate::view;
use crate::view::json::Origin;

/// The journal of a run and the commands that use it.
pub(crate) struct Resumption {
    pub(crate) journal: String,
    resume: String,
    undo: String,
    report: String,
}

/// Where a run comes from, for its document.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sources<'a> {
    pub(crate) resumption: Option<&'a Resumption>,
    pub(crate) origin: Origin<'a>,
    /// Whether the journal is removed if nothing had to be changed.
    pub(crate) discards_journal: bool,
}

impl Resumption {
    /// The commands write beside the journal, or to the current folder if the journal is in the default
    /// folder.
    pub(crate) fn new(journal: &Path, connection: &Connection, session: &Session<'_, '_>) -> Self {
        let is_default = journal.parent() == session.io.state_folder().as_deref();
        let named = journal.file_name().filter(|_| is_default).map(Path::new);
        let beside = named.unwrap_or(journal);
        let command = |name, output: Option<&str>, connects: bool| {
            let output = output.map(|extension| beside.with_extension(extension));
            let words = [(name, Some(argument(journal)))].into_iter();
            let words = words.chain(output.map(|file| ("-o", Some(argument(&file)))));
            let words = words.chain(connection.options().into_iter().filter(|_| connects));
            let words = words.map(|(word, value)| match value {
                Some(value) => format!("{word} {}", quote(&value)),
                None => word.to_owned(),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        Self {
            journal: session::name(journal),
            resume: command("digicert-contacts resume", None, true),
            undo: command("digicert-contacts undo", Some("undo.json"), true),
            report: command("digicert-contacts report", Some("html"), false),
        }
    }

    /// What can follow a run that changed orders.
    pub(crate) fn next_steps(&self) -> String {
        let (undo, report) = (&self.undo, &self.report);
        format!("to plan an undo:\n  {undo}\nto report:\n  {report}\n")
    }
}

/// The path as an argument, never as an option.
fn argument(path: &Path) -> String {
    let mut argument = path.display().to_string();
    if argument.starts_with('-') {
        argument.insert_str(0, "./");
    }
    argument
}

/// Quotes a word for a shell, if necessary.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    let word = printable(word);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

pub(crate) fn apply<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &mut Run<S, C>,
    options: &RunOptions,
    rejects: Option<NewFile>,
    sources: Sources<'_>,
    client: &Client,
    session: &mut Session<'_, '_>,
) -> (Exit, RunSummary) {
    let report = send(run, options, client, session);
    // An entry that is missing from the journal leaves its order unfinished as well.
    let stopped = report.stopped().map(contacts_bulk::Failure::kind);
    let unverified = stopped.is_some() && options.verifies() && report.summary().unverified() > 0;
    let unfinished = run.remaining() > 0 || unverified || stopped == Some(FailureKind::Journal);
    let is_unchanged = report.summary().unchanged == report.summary().orders;
    let has_journal = !(is_unchanged && sources.discards_journal);
    let resumption = sources.resumption.filter(|_| has_journal);
    let journal = resumption.map(|r| r.journal.as_str());
    let resume = resumption.map(|r| r.resume.as_str()).filter(|_| unfinished);
    session.ended_run = Some(EndedRun::new(&report, journal, resume));
    let rejected = rejects.map_or(Ok(None), |file| write_to(file, run, &report));
    if session.json {
        let mut document = RunDocument::new(run.plan(), &report);
        if let Some(journal) = journal {
            document = document.with_journal(journal, resume);
        }
        session.document(&view::json::with_origin(&document, sources.origin));
    } else {
        session.text(&view::text::report(&report, options.verifies_by_report()));
        if let Ok(Some((orders, name))) = &rejected {
            session.text(&view::text::rejected(*orders, name));
        }
        if let Some(resumption) = resumption.filter(|_| run.changed() > 0) {
            session.text(&resumption.next_steps());
        }
    }
    if let Err(error) = &rejected {
        session.error(&error.message);
    }
    let exit = finish(&report, resume, session);
    let exit = match rejected {
        Err(error) if matches!(exit, Exit::Done | Exit::SomeFailed) => error.exit,
        _ => exit,
    };
    (exit, report.summary())
}

fn send<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &mut Run<S, C>,
    options: &RunOptions,
    client: &Client,
    session: &mut Session<'_, '_>,
) -> Report {
    if options.check_again {
        session.warn("--check-again does nothing: orders are read before they are changed, except with --no-refresh");
    }
    if options.no_refresh && run.plan().summary().changes > 0 {
        session.warn(
            "orders are not read before they are changed; changes since the plan are overwritten",
        );
    }
    let total = options.limit.unwrap_or(usize::MAX).min(run.remaining());
    // The results of the others are shown before.
    let orders = run
        .plan()
        .orders()
        .iter()
        .filter(|order| order.needs_update());
    let mut pending: HashSet<_> = orders.map(PlannedOrder::order).collect();
    let mut progress = Progress::new("changing", total, session.io);
    let report = run.apply(&options.settings(), client, |event| match event {
        RunEvent::Read(order) => {
            session.text(&view::text::planned(order));
            if !order.needs_update() && pending.remove(&order.order()) {
                let is_blocked = matches!(order.state(), State::Blocked(_));
                progress.advance(is_blocked, session.io);
            }
        }
        RunEvent::Asked { source, changed } => {
            session.text(&view::text::asked(source, changed));
        }
        RunEvent::Verified(order) => session.text(&view::text::verified(order)),
        RunEvent::Finished(order) if pending.contains(&order.order()) => {
            session.text(&view::text::result(order));
            match order.result() {
                OrderResult::Skipped => {}
                OrderResult::Changed(_) | OrderResult::Unchanged => {
                    progress.advance(false, session.io);
                }
                _ => progress.advance(true, session.io),
            }
        }
        RunEvent::Finished(_) => {}
        _ => progress.draw(session.io),
    });
    session.io.clear_status();
    report
}

/// Applies the plan of one order, whose result says everything.
pub(crate) fn apply_one<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &mut Run<S, C>,
    resumption: Option<&Resumption>,
    client: &Client,
    session: &mut Session<'_, '_>,
) -> Exit {
    let needs_update = run.remaining() > 0;
    let report = run.apply(&RunSettings::default(), client, |event| {
        if let RunEvent::Finished(order) = event
            && needs_update
        {
            session.text(&view::text::result(order));
        }
    });
    let resume = resumption.map(|r| r.resume.as_str());
    let resume = resume.filter(|_| run.remaining() > 0);
    let journal = resumption.map(|r| r.journal.as_str());
    session.ended_run = Some(EndedRun::new(&report, journal, resume));
    let mut document = RunDocument::new(run.plan(), &report);
    if let Some(journal) = journal {
        document = document.with_journal(journal, resume);
    }
    let next_steps = resumption.filter(|_| run.changed() > 0);
    let next_steps = next_steps.map(|r| format!("journal: {}\n{}", r.journal, r.next_steps()));
    session.print(&next_steps.unwrap_or_default(), &document);
    finish(&report, resume, session)
}

/// Writes the rejects, if there are any. Returns their number and the name of the file.
fn write_to<S: JournalStorage, C: Fn() -> SystemTime>(
    file: NewFile,
    run: &Run<S, C>,
    report: &Report,
) -> Result<Option<(usize, String)>, CommandError> {
    let name = file.name();
    let mut orders = 0;
    let kept = file.write_if(|writer| {
        orders = write_rejects(run.plan(), report, writer)?;
        Ok(orders > 0)
    })?;
    Ok(kept.then_some((orders, name)))
}

/// Reports why a run stopped and how to resume it. Returns its exit code.
pub(crate) fn finish(report: &Report, resume: Option<&str>, session: &mut Session<'_, '_>) -> Exit {
    let summary = report.summary();
    let exit = match report.stopped() {
        Some(failure) if summary.skipped > 0 => {
            session.error(view::text::stopped(
                failure,
                summary.skipped,
                resume.is_some(),
            ));
            Exit::after(failure)
        }
        Some(failure) => {
            if failure.kind() == FailureKind::Journal {
                session.error(printable(&failure.to_string()));
            }
            // Every order had its turn; only the causes that stop other commands keep their code.
            match Exit::after(failure) {
                Exit::Failed => Exit::SomeFailed,
                exit => exit,
            }
        }
        None if summary.nothing_failed() => Exit::Done,
        None => Exit::SomeFailed,
    };
    if let Some(resume) = resume {
        session.io.err(&format!("to resume:\n  {resume}\n"));
    }
    exit
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser;

    use super::{Resumption, Session, quote};
    use crate::args::{Args, Command};
    use crate::{CancelToken, Io};

    fn resume_command(journal: &str, options: &str) -> String {
        let line = format!("digicert-contacts whoami {options}");
        let args = Args::try_parse_from(line.split_whitespace()).unwrap();
        let Command::Whoami(args) = args.command else {
            unreachable!()
        };
        let session = Session {
            io: &mut Io::for_tests(),
            cancel: &CancelToken::default(),
            json: false,
            ended_run: None,
            is_document: false,
        };
        Resumption::new(Path::new(journal), &args.connection, &session).resume
    }

    #[test]
    fn resuming_uses_the_same_connection_and_shows_no_password() {
        for options in [
            "--sandbox",
            "--region eu",
            "--profile eu --api-key-command key",
            "--rate-limit 50/5 --rate-limit 500/180 --base-url https://example.com/v2 \
             --api-key-file key --rate-limit-file limit --proxy http://proxy:3128 --ca-bundle ca.pem \
             --client-cert a.pem --client-key b.pem",
            "--rate-limit-url redis://redis:6379/0",
            "--rate-limit-url-file url",
        ] {
            let expected = format!("digicert-contacts resume run.jsonl {options}");
            assert_eq!(resume_command("run.jsonl", options), expected);
        }
        let secret = resume_command("run.jsonl", "--proxy http://me:secret@proxy:3128");
        assert_eq!(secret, "digicert-contacts resume run.jsonl --proxy PROXY");
    }

    #[test]
    fn a_file_name_is_never_an_option() {
        let command = resume_command("-x.jsonl", "");
        assert_eq!(command, "digicert-contacts resume ./-x.jsonl");
    }

    #[test]
    fn a_file_name_is_one_word_in_a_shell() {
        for (name, word) in [
            ("run.jsonl", "run.jsonl"),
            ("my run.jsonl", "'my run.jsonl'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quote(name), word);
        }
    }
}

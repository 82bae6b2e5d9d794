//! Runs a plan: from the first request to the exit code.

use std::collections::HashSet;
use std::path::Path;
use std::time::SystemTime;

use contacts_bulk::report::{RunDocument, write_rejects};
use contacts_bulk::{
    FailureKind, JournalStorage, OrderResult, PlannedOrder, Report, Run, RunEvent, RunSettings,
};
use contacts_core::printable;
use contacts_http::Client;

use crate::args::{Connection, RunOptions};
use crate::command::new_file::NewFile;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::{self, Session};
use crate::view;

/// The journal of a run and the command that resumes it.
pub(crate) struct Resumption {
    pub(crate) journal: String,
    command: String,
}

impl Resumption {
    pub(crate) fn new(journal: &Path, connection: &Connection) -> Self {
        let mut argument = journal.display().to_string();
        if argument.starts_with('-') {
            // It would be an option.
            argument.insert_str(0, "./");
        }
        let words = [("digicert-contacts resume", Some(argument))].into_iter();
        let words = words.chain(connection.options());
        let words = words.map(|(word, value)| match value {
            Some(value) => format!("{word} {}", quote(&value)),
            None => word.to_owned(),
        });
        Self {
            journal: session::name(journal),
            command: words.collect::<Vec<_>>().join(" "),
        }
    }
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
    resumption: Option<&Resumption>,
    client: &Client,
    session: &mut Session<'_, '_>,
) -> Exit {
    let report = send(run, options, client, session);
    // An entry that is missing from the journal leaves its order unfinished as well.
    let stopped = report.stopped().map(contacts_bulk::Failure::kind);
    let unfinished = run.remaining() > 0 || stopped == Some(FailureKind::Journal);
    let resumption = resumption.map(|r| (r.journal.as_str(), unfinished.then_some(&*r.command)));
    let resume = resumption.and_then(|(_, resume)| resume);
    let rejected = rejects.map_or(Ok(None), |file| write_to(file, run, &report));
    if session.json {
        let mut document = RunDocument::new(run.plan(), &report);
        if let Some((journal, resume)) = resumption {
            document = document.with_journal(journal, resume);
        }
        session.document(&document);
    } else {
        session.text(&view::text::report(&report));
        if let Ok(Some((orders, name))) = &rejected {
            session.text(&view::text::rejected(*orders, name));
        }
    }
    if let Err(error) = &rejected {
        session.error(&error.message);
    }
    let exit = finish(&report, resume, session);
    match rejected {
        Err(error) if matches!(exit, Exit::Done | Exit::SomeFailed) => error.exit,
        _ => exit,
    }
}

fn send<S: JournalStorage, C: Fn() -> SystemTime>(
    run: &mut Run<S, C>,
    options: &RunOptions,
    client: &Client,
    session: &mut Session<'_, '_>,
) -> Report {
    let mut settings = RunSettings::default().concurrency(options.concurrency);
    if options.check_again {
        settings = settings.check_again();
    }
    if options.no_verify && !options.verify {
        settings = settings.skip_verification();
    }
    if let Some(limit) = options.limit {
        settings = settings.limit(limit);
    }
    if let Some(failures) = options.stop_after_failures {
        settings = settings.stop_after_failures(failures);
    }
    let total = options.limit.unwrap_or(usize::MAX).min(run.remaining());
    // The plan has shown the results of the others.
    let orders = run
        .plan()
        .orders()
        .iter()
        .filter(|order| order.needs_update());
    let with_update: HashSet<_> = orders.map(PlannedOrder::order).collect();
    let mut progress = Progress::new("changing", total, session.io);
    let report = run.apply(&settings, client, |event| match event {
        RunEvent::Finished(order) if with_update.contains(&order.order()) => {
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

    use super::{Resumption, quote};
    use crate::args::{Args, Command};

    fn resume_command(journal: &str, options: &str) -> String {
        let line = format!("digicert-contacts whoami {options}");
        let args = Args::try_parse_from(line.split_whitespace()).unwrap();
        let Command::Whoami(args) = args.command else {
            unreachable!()
        };
        Resumption::new(Path::new(journal), &args.connection).command
    }

    #[test]
    fn resuming_uses_the_same_connection_and_shows_no_password() {
        for options in [
            "--sandbox",
            "--region eu",
            "--rate-limit 50/5 --rate-limit 500/180 --base-url https://example.com/v2 \
             --api-key-file key --rate-limit-file limit --proxy http://proxy:3128 --ca-bundle ca.pem \
             --client-cert a.pem --client-key b.pem",
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

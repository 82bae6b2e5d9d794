//! How a run over orders ends: what is told last, and the exit code.

use std::path::Path;

use contacts_bulk::{FailureKind, Report};

use crate::abort::exit_of;
use crate::args::Connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::view;

/// `resume` is the command line that goes on with the run, where something is left to do.
pub(crate) fn exit(report: &Report, resume: Option<&str>, io: &mut Io<'_>) -> Exit {
    let summary = report.summary();
    if let Some(failure) = report.stopped() {
        let exit = exit_of(failure);
        if summary.skipped > 0 {
            io.err(&view::text::stopped(failure, summary.skipped, resume));
            return exit;
        }
        if failure.kind() == FailureKind::Journal {
            io.err(&view::text::failed(failure));
        }
        io.err(&resume.map(view::text::go_on).unwrap_or_default());
        // It ran to its end, only not well; but what stops others is worth telling.
        return if exit == Exit::Failed {
            Exit::SomeFailed
        } else {
            exit
        };
    }
    io.err(&resume.map(view::text::go_on).unwrap_or_default());
    if summary.nothing_failed() {
        Exit::Done
    } else {
        Exit::SomeFailed
    }
}

/// The command line that goes on with a run.
pub(crate) fn resume_command(journal: &Path, connection: &Connection) -> String {
    let mut journal = journal.display().to_string();
    if journal.starts_with('-') {
        // No option.
        journal.insert_str(0, "./");
    }
    let words = [("digicert-contacts resume", Some(journal))];
    let words = words.into_iter().chain(connection.options());
    let words = words.map(|(word, value)| match value {
        Some(value) => format!("{word} {}", quoted(&value)),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    let word = contacts_core::printable(word);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser;

    use super::{quoted, resume_command};
    use crate::args::{Args, Command};

    #[test]
    fn a_run_is_gone_on_with_in_the_way_in_which_it_was_begun_and_no_password_is_told() {
        let told = |options: &str| {
            let line = format!("digicert-contacts whoami {options}");
            let args = Args::try_parse_from(line.split(' ')).unwrap();
            let Command::Whoami(args) = args.command else {
                unreachable!()
            };
            resume_command(Path::new("run.jsonl"), &args.connection)
        };
        for options in [
            "--sandbox",
            "--region eu",
            "--rate-limit 50/5 --rate-limit 500/180 --base-url https://example.com/v2 \
             --api-key-file key --rate-limit-file limit --proxy http://proxy:3128 --ca-bundle ca.pem \
             --client-cert a.pem --client-key b.pem",
        ] {
            let expected = format!("digicert-contacts resume run.jsonl {options}");
            assert_eq!(told(options), expected);
        }
        let secret = told("--proxy http://me:secret@proxy:3128");
        assert_eq!(secret, "digicert-contacts resume run.jsonl --proxy PROXY");
    }

    #[test]
    fn a_name_is_never_an_option() {
        let args = Args::try_parse_from(["digicert-contacts", "whoami"]).unwrap();
        let Command::Whoami(args) = args.command else {
            unreachable!()
        };
        let told = resume_command(Path::new("-x.jsonl"), &args.connection);
        assert_eq!(told, "digicert-contacts resume ./-x.jsonl");
    }

    #[test]
    fn a_name_is_one_word_to_a_shell() {
        for (name, word) in [
            ("run.jsonl", "run.jsonl"),
            ("my run.jsonl", "'my run.jsonl'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(name), word);
        }
    }
}
